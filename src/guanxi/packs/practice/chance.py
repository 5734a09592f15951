"""Seeded chance: the only source of variety in the practice world, so the same seed gives the same world."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """Draws that depend on the seed and on the order of the draws, and on nothing else."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable practice data, not a secret

    def often(self, share: float) -> bool:
        """Return True in *share* (0..1) of the calls."""
        return self._random.random() < share

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of *items*, all equally likely."""
        return items[self._random.randrange(len(items))]

    def weigh(self, weights: dict[Item, float]) -> Item:
        """Return one key of *weights*, as likely as its weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def number(self, low: int, high: int) -> int:
        """Return a whole number from *low* to *high*, both included."""
        return self._random.randint(low, high)

    def digits(self, count: int) -> str:
        """Return *count* decimal digits."""
        return "".join(str(self._random.randrange(10)) for _ in range(count))

    def day(self, first: date, last: date) -> date:
        """Return a day from *first* to *last*, both included."""
        return first + timedelta(days=self._random.randint(0, (last - first).days))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return *items* in another order."""
        copy = list(items)
        self._random.shuffle(copy)
        return copy
