"""Texts that a shell takes for more than one word (CWE-78). Each works bare, in quotes, and in double quotes.

None of them ends a statement or begins a comment of SQL: where a database would read them, it only stumbles.
"""

import random
from dataclasses import dataclass
from typing import Final

from apiward.scan.proofs.computed import Sum, fresh_sum
from apiward.scan.proofs.survey import word


@dataclass(frozen=True, slots=True)
class Said:
    """A text that has a shell say `word` and a sum right behind it; `plain` is as odd, but holds no sum."""

    text: str
    plain: str
    word: str
    sum: Sum


def piped(value: str, rng: random.Random) -> Said:
    """Return a text that begins another command, whose output is shown instead of that of the first."""
    return _said(value, "|echo {said}'|echo {said}\"|echo {said}\"|echo {said}'", rng)


def replaced(value: str, rng: random.Random) -> Said:
    """Return a text of which a shell replaces a part by what a command says, so that it shows in the first's output."""
    return _said(value, "$(echo {said})'$(echo {said})'", rng)


def _said(value: str, form: str, rng: random.Random) -> Said:
    name, one = word(rng), fresh_sum(rng)
    text = form.replace("{said}", f"{name}$(({one.text}))")
    plain = form.replace("{said}", f"{name}[[{one.text}]]")
    return Said(value + text, value + plain, name, one)


_WAIT: Final = "|sleep {s}|echo '|sleep {s}|echo \"|sleep {s}|echo \"|sleep {s}|echo '"


def waiting(value: str, seconds: int) -> str:
    """Return a text that has a shell wait as long before it goes on."""
    return value + _WAIT.replace("{s}", str(seconds))
