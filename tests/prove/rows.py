"""What came of one run: the part that every proof's rows have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Row:
    """One run and what came of it; ``problems`` is empty if all that must hold did."""

    title: str
    problems: list[str] = field(default_factory=list, kw_only=True)

    @property
    def ok(self) -> bool:
        """Whether everything that must hold did."""
        return not self.problems

    def need(self, holds: bool, problem: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(problem)

    @contextmanager
    def noting_errors(self) -> Iterator[None]:
        """Note as a problem what the block raises: one run that fails must not end the others."""
        try:
            yield
        except Exception as error:
            self.need(False, f"{type(error).__name__} {error}".strip())
