"""A list that knows when somebody looked at it, and what it held then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, SupportsIndex


class Watched(list[Any]):
    """The list `paid` of a learner's test, to tell how that test missed a payment.

    Attributes:
        payees: All that was ever appended.
        seen: For each look at the list, how much had been appended by then, and what was left of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.payees: list[Any] = []
        self.seen: list[tuple[int, list[Any]]] = []

    def append(self, one: Any) -> None:
        """Append, and keep it in mind."""
        self.payees.append(one)
        super().append(one)

    def _look(self) -> None:
        self.seen.append((len(self.payees), super().copy()))

    def __len__(self) -> int:  # `not paid`, too
        self._look()
        return super().__len__()

    def __iter__(self) -> Iterator[Any]:
        self._look()
        return super().__iter__()

    def __contains__(self, one: object) -> bool:
        self._look()
        return super().__contains__(one)

    def __eq__(self, other: object) -> bool:
        self._look()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        self._look()
        return super().__ne__(other)

    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        self._look()
        return super().__getitem__(place)

    def count(self, one: Any) -> int:
        """Count, as a list does."""
        self._look()
        return super().count(one)
