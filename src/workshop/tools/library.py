"""The practice library of this course: a search over its articles, as a plain async function."""

from __future__ import annotations

from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from workshop.tools.fetch import ServiceError, decode, fetch


class _Article(BaseModel):
    title: str
    text: str


class _Found(BaseModel):
    results: list[_Article]


async def search_library(query: str) -> str:
    """Search the library for articles about something.

    Args:
        query: What to look for, in a few words, for example: bees in winter.

    Returns:
        The articles that fit best, at most three: a line each with title and text; or that there is none.

    Raises:
        ValueError: the query is empty, or the library will not answer it; the message says why.
        ServiceError: the library is out of reach or answered with an error.
    """
    if not query.strip():
        raise ValueError("The query is empty. Say in a few words what to look for.")
    try:
        response = await fetch("library", f"/search?{urlencode({'q': query})}", accept="application/json")
    except ServiceError as error:
        if error.status in (400, 403):
            raise ValueError(str(error)) from None
        raise
    try:
        found = _Found.model_validate(decode("library", response)).results
    except ValidationError:
        raise ServiceError(
            "library", "sent an answer that cannot be read.", status=response.status_code
        ) from None
    if not found:
        return f'The library has no article about "{query.strip()[:100]}".'
    return "\n".join(f"{article.title}. {article.text}" for article in found)
