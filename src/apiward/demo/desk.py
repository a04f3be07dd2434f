"""The front desk: what every handler may ask for (data, time, who is calling, which switches are weak)."""

import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from apiward.demo.calls import Call
from apiward.demo.people import Person, person_from
from apiward.demo.seed import fill, new_id
from apiward.demo.storage import Storage
from apiward.demo.throttle import Throttle
from apiward.demo.tokens import Keys
from apiward.demo.weaknesses import WEAKNESSES

if TYPE_CHECKING:
    from apiward.demo.renewals import Renewal

Handler = Callable[["Desk", Call], Response | Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One route: method, path template, handler. `only_with` names the weakness that brings it."""

    method: str
    path: str
    handler: Handler
    only_with: str | None = None

    @property
    def operation(self) -> str:
        """The name of the operation: `GET /api/v2/notes/{note_id}`."""
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Desk:
    """The state of one running demo business."""

    weaknesses: frozenset[str]
    storage: Storage
    clock: Callable[[], float]
    token_life_s: float
    rng: random.Random
    keys: Keys
    throttle: Throttle
    exercised: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    logged_out: set[str] = field(default_factory=set)
    issued: set[str] = field(default_factory=set)
    renewals: "dict[str, Renewal]" = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    tickets: dict[str, str] = field(default_factory=dict)
    members: dict[str, tuple[str, int]] = field(default_factory=dict)
    display_names: dict[str, str] = field(default_factory=dict)
    photos: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def weak(self, name: str, *, noticed: bool = True) -> bool:
        """Say whether the weak twin of `name` serves here.

        Handlers ask only where sound code would refuse, so a yes means that the weakness was used,
        and it is written down. Where the code asks on every request, `noticed` says if it mattered.
        """
        if name not in WEAKNESSES:
            raise KeyError(name)
        if name not in self.weaknesses:
            return False
        if noticed:
            self.exercised.add(name)
        return True

    def person(self, *, email: str = "", person_id: str = "") -> Person | None:
        """Return the person with that e-mail address or id."""
        row = self.storage.row("SELECT * FROM people WHERE email = ? OR id = ?", email.strip().lower(), person_id)
        return person_from(row) if row else None

    def fresh_id(self) -> str:
        """Return a new random UUID."""
        return new_id(self.rng)

    def reset(self) -> None:
        """Bring the first day back: everything that was added is lost."""
        fill(self.storage, self.rng)
        self.logged_out.clear()
        self.renewals.clear()
        self.ended.clear()
        self.tickets.clear()
        self.members.clear()
        self.display_names.clear()
        self.photos.clear()


def open_desk(
    weaknesses: Collection[str], data_dir: Path, clock: Callable[[], float], token_life_s: float, seed: int
) -> Desk:
    """Return a desk with a freshly filled database in `data_dir`; ValueError for unknown weaknesses."""
    unknown = sorted(set(weaknesses) - set(WEAKNESSES))
    if unknown:
        raise ValueError(f"unknown weakness: {', '.join(unknown)}")
    rng = random.Random(seed)  # noqa: S311 - ids must be the same for the same seed
    keys = Keys(b"secret" if "jwt-weak-key" in weaknesses else secrets.token_urlsafe(32).encode())
    desk = Desk(frozenset(weaknesses), Storage(data_dir), clock, token_life_s, rng, keys, Throttle(clock))
    desk.reset()
    return desk
