"""Says who may log in at the page: adds people, gives them links, changes their roles, removes them."""

from typing import Final

from apiward.app.guarding.telling import who
from apiward.app.people.parts import PeopleParts, hash_of
from apiward.config.errors import AdvisedError, nearest
from apiward.core.lanes import AuditKind
from apiward.core.person import Person, Role, name_of
from apiward.stores.people.store import TakenError

LINK_S: Final = 24 * 3_600.0
_ID_BYTES: Final = 16


class PeopleDesk:
    """Works on the people of one store, for who runs a command. Every method raises AdvisedError or OSError."""

    def __init__(self, parts: PeopleParts) -> None:
        self._parts = parts

    def add(self, typed: str, role: Role) -> tuple[Person, str]:
        """Add somebody; return a link's secret with which that person, and nobody else, chooses the password."""
        name = name_of(typed)
        if not name:
            raise AdvisedError(
                f"{typed[:60]!a} cannot be a name.",
                "A name has letters, digits and . _ @ + - and begins with a letter or a digit.",
                "For example: apiward people add anna",
            )
        secret = self._parts.secret()
        id_ = self._parts.random_bytes(_ID_BYTES).hex()
        until_s = self._parts.clock() + LINK_S
        person = Person(id_, name, role, self._parts.clock(), link=hash_of(secret), link_until_s=until_s)
        try:
            self._parts.people.add(person)
        except TakenError:
            advice = f"For a new password: apiward people reset {name}"
            raise AdvisedError(f"There is somebody called {name} already.", "Names are told apart.", advice) from None
        self._record(f"{name} may log in at the page, as {role.value}.")
        return person, secret

    def reset(self, typed: str, *, with_step: bool) -> tuple[Person, str]:
        """Give somebody a new link; the password of before works no more, nor with `with_step` the second step."""
        person, secret = self._named(typed), self._parts.secret()
        until_s = self._parts.clock() + LINK_S
        values: dict[str, object] = {"password": "", "link": hash_of(secret), "link_until_s": until_s}
        if with_step:
            values |= {"step": "", "step_at": 0}
            self._parts.people.put_codes(person, ())
        after = self._parts.people.change(person, **values)
        self._parts.sessions.end_all(person.id)
        what = "password and the second step" if with_step else "password"
        self._record(f"The {what} of {person.name} for the page was taken back, and all sessions ended.")
        return after, secret

    def set_role(self, typed: str, role: Role) -> Person:
        """Give somebody another role. It counts at once."""
        person = self._named(typed)
        after = self._parts.people.change(person, role=role)
        self._record(f"{person.name} is {role.value} at the page now, and was {person.role.value}.")
        return after

    def remove(self, typed: str) -> Person:
        """Remove somebody; all sessions end."""
        person = self._named(typed)
        self._parts.people.remove(person)
        self._record(f"{person.name} may not log in at the page any more.")
        return person

    def listed(self) -> list[tuple[Person, int]]:
        """Return all, by name, and how many sessions each has."""
        return [(one, len(self._parts.open_sessions(one))) for one in self._parts.people.listed()]

    def _named(self, typed: str) -> Person:
        person = self._parts.people.named(name_of(typed))
        if person is None:
            known = tuple(one.name for one in self._parts.people.listed())
            why = nearest(typed, known) if known else "There is nobody yet."
            raise AdvisedError(f"There is nobody called {typed[:60]!a}.", why, "See: apiward people list")
        return person

    def _record(self, said: str) -> None:
        self._parts.record(said, by=who(), kind=AuditKind.ADMINISTRATION)
