"""People who use the owner's page: their names, what they may do, and the sessions in which they do it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


class Role(StrEnum):
    """What somebody may do at the page. A viewer looks; a developer also acts; an owner may do all."""

    OWNER = "owner"
    DEVELOPER = "developer"
    VIEWER = "viewer"

    @property
    def may_act(self) -> bool:
        """Whether forms of the page may be sent: to accept, to hold off, to let through."""
        return self is not Role.VIEWER


@dataclass(frozen=True, slots=True)
class Person:
    """One of them. `password` is a hash, empty until one is chosen.

    `step` is what the secret of the second step is made from, with a key that is not stored here; empty without one.
    `step_at` is the last time step of which a code was taken. `link` is the hash of a link with which a password may
    be chosen until `link_until_s`.
    """

    id: str
    name: str
    role: Role
    made_s: float
    password: str = ""
    step: str = ""
    step_at: int = 0
    link: str = ""
    link_until_s: float = 0.0

    @property
    def by(self) -> str:
        """How the audit record names this person."""
        return f"person:{self.name}"


@dataclass(frozen=True, slots=True)
class PageSession:
    """A session at the page: whose, since when, last seen when, ending when, and from where. `id` is a hash.

    It is not whole as long as the second step is missing: it then opens nothing but that step.
    """

    id: str
    person: str
    made_s: float
    seen_s: float
    until_s: float
    is_whole: bool
    client: str = ""
    browser: str = ""


def name_of(text: str) -> str:
    """Return a name in its one spelling; empty where it can be none."""
    name = text.strip().casefold()
    return name if _NAME.fullmatch(name) else ""
