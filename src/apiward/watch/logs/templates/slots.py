"""A declared form as its parts: texts that stand there, and slots that are filled."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class Role(StrEnum):
    """What a slot means for an event. NONE: it is read past."""

    NONE = ""
    CLF = "time, as 30/Nov/2026:13:34:15 +0000"
    ISO = "time, as 2026-11-30T13:34:15Z"
    EPOCH = "time, as a number"
    CLIENT = "address"
    USER = "user"
    REQUEST = "request line"
    METHOD = "method"
    TARGET = "path with query"
    PATH = "path"
    QUERY = "query"
    STATUS = "status"
    ANSWER_SIZE = "size of the answer"
    REQUEST_SIZE = "size of the request"
    ELAPSED_S = "seconds"
    ELAPSED_MS = "milliseconds"
    ELAPSED_US = "microseconds"
    AGENT = "program"
    FORWARDED = "addresses before proxies"


TIMES: Final = (Role.CLF, Role.ISO, Role.EPOCH)
ELAPSED: Final = {Role.ELAPSED_S: 1.0, Role.ELAPSED_MS: 1e-3, Role.ELAPSED_US: 1e-6}
WITH_PORT: Final = r"[^ ]{1,100}(?=:[0-9]{1,5}(?: |$))"
"""What stands before the port of an address, whatever colons it has itself."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One value. `name` is how the settings may name it (`remote_user`, `http_x_user`, `cookie_session`).

    `has_blanks` says that the value may hold commas or colons with blanks, as lists of several servers do.
    `pattern` is what the value looks like where it ends by itself.
    """

    name: str
    role: Role = Role.NONE
    has_blanks: bool = False
    pattern: str = ""


Part: TypeAlias = str | Slot


class FormError(ValueError):
    """A declared form that cannot be read: why, in one sentence."""


def field_name(text: str) -> str:
    """Return the name of a field as slots have it: `X-User` and `x_user` are the same."""
    return text.strip().lower().replace("-", "_").lstrip("$%")


def is_named(slot: Slot, wished: str) -> bool:
    """Return whether the settings mean this slot: by its whole name, or by that of the header or cookie in it."""
    name = field_name(wished)
    return bool(name) and slot.name in {name, f"http_{name}", f"cookie_{name}"}
