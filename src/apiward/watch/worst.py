"""The facts of a pattern are those of its worst moment: what was given out once stays given out."""

from collections.abc import Iterable, Sequence
from typing import Final

Pairs = Iterable[tuple[str, str]]
_MOST_DIGITS: Final = 15


def worst_facts(before: Pairs, now: Pairs, *, is_as_bad: bool) -> dict[str, str]:
    """Return the facts to keep: those of now, unless all numbers in them are smaller.

    Where now is not as bad, the words stay those of before, and numbers only grow.
    """
    old, new = dict(before), dict(now)
    pairs = [(name, _number(old[name]), _number(value)) for name, value in new.items() if name in old]
    numbers = [(name, was, is_) for name, was, is_ in pairs if was >= 0 and is_ >= 0]
    if is_as_bad:
        is_milder = any(is_ < was for _, was, is_ in numbers) and all(is_ <= was for _, was, is_ in numbers)
        return old if is_milder and old.keys() >= new.keys() else new
    return old | {name: new[name] for name, was, is_ in numbers if is_ > was}


def may_be_worse(before: Sequence[Sequence[str]], now: Sequence[Sequence[str]]) -> bool:
    """Return at once where a number has grown, or all is the same: then the facts of now are those to keep."""
    for was, is_ in zip(before, now, strict=False):
        if was == is_:
            continue
        shorter = len(is_[1]) - len(was[1])
        return was[0] == is_[0] and is_[1].isdecimal() and (shorter > 0 or (not shorter and is_[1] > was[1]))
    return len(before) == len(now)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else -1
