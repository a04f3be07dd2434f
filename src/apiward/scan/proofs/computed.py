"""Sums that nobody else sends: a product in an answer, whose factors alone were sent, was worked out by the target."""

import random
import re
from dataclasses import dataclass
from typing import Final

from apiward.core.exchange import Exchange

_GROUPED: Final = r"[,.'\u2019\u00a0\u202f ]?"
"""What may stand between thousands where a number is written for people."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Two factors and, where more is added to their product, how much."""

    one: int
    two: int
    more: int = 0

    @property
    def text(self) -> str:
        """The product as nearly every language writes it."""
        return f"{self.one}*{self.two}"

    @property
    def result(self) -> int:
        """What it comes to."""
        return self.one * self.two + self.more


def fresh_sum(rng: random.Random) -> Sum:
    """Return factors of four digits: their product has eight, and stands in no answer by chance."""
    return Sum(rng.randrange(4_001, 9_999), rng.randrange(4_001, 9_999))


def shows(exchange: Exchange, result: int, before: str = "") -> bool:
    """Whether an answer, or one of its headers, holds the number with `before` right in front of it."""
    if exchange.response is None:
        return False
    thousands = f"{result:,}".split(",")
    form = re.compile(rf"{re.escape(before)}(?<!\d){_GROUPED.join(thousands)}(?!\d)")
    if form.search(exchange.text):
        return True
    return any(form.search(value) for _, value in exchange.response.headers)
