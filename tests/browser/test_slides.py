"""The slides in a real browser: each fits into its frame, in all its steps, and none asks the network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lab_page import NEEDS_CHROMIUM, TIMEOUT
from workshop import catalog
from workshop.authoring.notebooks import write
from workshop.authoring.slides import export

pytestmark = [*NEEDS_CHROMIUM, pytest.mark.timeout(TIMEOUT)]

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"

# What sticks out of a slide, in each of its steps. A box that scrolls may hold more than it shows.
_STICKS_OUT = """() => {
    const found = []
    for (const slide of Reveal.getSlides()) {
        const {h, v} = Reveal.getIndices(slide)
        for (const step of [-1, 99]) {
            Reveal.slide(h, v, step)
            const frame = slide.querySelector('.frame')
            const edge = frame.getBoundingClientRect()
            const parts = [...frame.querySelectorAll('*')].filter(part => !part.parentElement.closest('.scrolls'))
            const outside = parts.filter(part => {
                const box = part.getBoundingClientRect()
                return box.right > edge.right + 1 || box.bottom > edge.bottom + 1
            })
            const cut = [frame, ...parts].filter(part => !part.matches('.scrolls'))
                .filter(part => ['auto', 'hidden'].includes(getComputedStyle(part).overflowY))
                .filter(part => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1)
            if (cut.length || outside.length)
                found.push(`${h + 1}.${v + 1}: ${frame.innerText.slice(0, 60)}`)
            if (edge.right > innerWidth || edge.bottom > innerHeight || edge.left < 0 || edge.top < 0)
                found.push(`${h + 1}.${v + 1} is not on the screen`)
        }
    }
    return found
}"""


# To a step of the first slide that shows code and output in turns.
_GO_TO_TURNS = """step => {
    const {h, v} = Reveal.getIndices(document.querySelector('.turns').closest('section'))
    Reveal.slide(h, v, step)
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    yield page
    page.close()


@pytest.mark.parametrize("number", [lesson.number for lesson in catalog.lessons()])
def test_every_slide_fits_and_asks_nobody(number: int, page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    lesson = catalog.lesson(number)
    deck = tmp_path / f"{lesson.name}.html"
    write(deck, export(lesson.file))
    page.goto(deck.as_uri())
    page.wait_for_function("Reveal.isReady()")
    # A view with a <section> would be taken for a slide of its own.
    frames = page.locator(".frame").count()
    assert page.evaluate("Reveal.getTotalSlides()") == frames > len(lesson.exercises) * 2

    assert page.locator("h1").first.inner_text() == f"{lesson.number} · {lesson.title}"
    page.screenshot(path=SCREENSHOTS / f"slides-{number}-title.png")
    assert page.evaluate(_STICKS_OUT) == []
    page.evaluate(_GO_TO_TURNS, 99)
    page.screenshot(path=SCREENSHOTS / f"slides-{number}-full.png")
    assert not broken
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_a_key_shows_the_next_step_and_the_output_in_place_of_the_code(page: Page, tmp_path: Path) -> None:
    deck = tmp_path / "deck.html"
    write(deck, export(catalog.lesson(1).file))
    page.goto(deck.as_uri())
    page.wait_for_function("Reveal.isReady()")
    page.evaluate(_GO_TO_TURNS, -1)
    code, result = (
        page.locator(f"section.present .turns .jp-CodeCell > {part}")
        for part in (".jp-Cell-inputWrapper", ".result")
    )
    assert (code.is_visible(), result.is_visible()) == (True, False)
    page.keyboard.press("Space")
    assert (code.is_visible(), result.is_visible()) == (False, True)
    page.keyboard.press("Shift+Space")
    assert (code.is_visible(), result.is_visible()) == (True, False)
