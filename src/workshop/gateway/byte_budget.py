"""A limit in bytes on what all scopes together keep: the oldest goes first."""

from __future__ import annotations


class Holding:
    """Some bytes that count against a budget until they are dropped."""

    __slots__ = ("__weakref__", "_budget", "data")

    def __init__(self, budget: ByteBudget, data: tuple[bytes | None, ...]) -> None:
        self._budget = budget
        self.data: tuple[bytes | None, ...] | None = data

    @property
    def size(self) -> int:
        """Bytes held; 0 once dropped."""
        return sum(len(part) for part in self.data or () if part)

    def drop(self) -> None:
        """Give the bytes up; later readers find None."""
        self._budget.release(self)


class ByteBudget:
    """Holds up to ``limit`` bytes; a new holding pushes out the oldest ones."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._total = 0
        self._holdings: dict[Holding, None] = {}

    @property
    def total(self) -> int:
        """Bytes held now."""
        return self._total

    def hold(self, *data: bytes | None) -> Holding:
        """Keep ``data`` until there is no room for it."""
        holding = Holding(self, data)
        self._holdings[holding] = None
        self._total += holding.size
        while self._total > self._limit and self._holdings:
            self.release(next(iter(self._holdings)))
        return holding

    def release(self, holding: Holding) -> None:
        """Forget one holding; a second time changes nothing."""
        if holding in self._holdings:
            del self._holdings[holding]
            self._total -= holding.size
        holding.data = None


__all__ = ["ByteBudget", "Holding"]
