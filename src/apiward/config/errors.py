"""Errors that people can act on, and how a slip is told."""

import difflib
from collections.abc import Iterable
from typing import ClassVar


class AdvisedError(Exception):
    """An error that people can act on: what happened, why we think so, what to do."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, why: str = "", advice: str = "") -> None:
        super().__init__(" ".join(part for part in (what, why, advice) if part))
        self.what = what
        self.why = why
        self.advice = advice


class ConfigError(AdvisedError):
    """Settings that cannot be used."""


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return `Did you mean "level"?`, or what is allowed where nothing is near."""
    spelled = {entry.lower(): entry for entry in known}
    near = difflib.get_close_matches(word.lower(), spelled, n=1)
    return f'Did you mean "{spelled[near[0]]}"?' if near else f"Allowed are {', '.join(known)}."


def meant(value: object, known: Iterable[object]) -> str:
    """Return ` Did you mean "full"?` where one of the known words is near, else nothing."""
    words = [word for word in known if isinstance(word, str)]
    near = difflib.get_close_matches(value.lower(), words, n=1) if isinstance(value, str) else []
    return f' Did you mean "{near[0]}"?' if near else ""


def shown(value: object) -> str:
    """Return a value as it may be shown in a message: short and harmless."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    if isinstance(value, dict | list):
        text = "a table" if isinstance(value, dict) else "a list"
    return ascii(text[:60])[1:-1]
