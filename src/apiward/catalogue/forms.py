"""What a value of the catalogue must be, as people say it, and as a test."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from apiward.core.finding import Severity

SEVERITIES: Final[Mapping[str, Severity]] = MappingProxyType({level.word: level for level in Severity})

TEXT: Final = "a text that is not empty"
TEXTS: Final = "a list of texts"
NUMBERS: Final = "a list of whole numbers above 0"
HOURS: Final = "two numbers of hours, from and to"
LEVEL: Final = f"one of {', '.join(SEVERITIES)}"


def fits(value: object, form: str) -> bool:
    """Return whether a value as TOML gives it is what `form` says, one of the constants above."""
    return _TESTS[form](value)


def shaped(value: object, form: str) -> object:
    """Return a value that fits `form` as the entries hold it: frozen, severities as such."""
    if form == LEVEL and isinstance(value, str):
        return SEVERITIES[value]
    if isinstance(value, list):
        return tuple(map(float, value)) if form == HOURS else tuple(value)
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_numbers(value: object) -> bool:
    # `type`, because true and false are whole numbers to isinstance.
    return isinstance(value, list) and all(type(number) is int and number > 0 for number in value)


def _is_hours(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(hours) in {int, float} for hours in value)


def _is_level(value: object) -> bool:
    return isinstance(value, str) and value in SEVERITIES


_TESTS: Final[Mapping[str, Callable[[object], bool]]] = {
    TEXT: _is_text,
    TEXTS: _is_texts,
    NUMBERS: _is_numbers,
    HOURS: _is_hours,
    LEVEL: _is_level,
}
