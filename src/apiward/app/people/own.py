"""What people do with their own way in: choose a password, set up the second step, end sessions."""

import hashlib
import hmac
import threading
from dataclasses import dataclass
from typing import Final

from apiward.access.people.codes import code_hash, new_codes
from apiward.access.people.pace import Pace
from apiward.access.people.passwords import LEAST, MOST, Lack, lack_of
from apiward.access.people.second_step import address, step_of, step_secret, written
from apiward.app.people.parts import PeopleParts, hash_of
from apiward.config.errors import AdvisedError
from apiward.core.lanes import AuditKind
from apiward.core.person import Person, name_of

_PRODUCT: Final = "apiward"
_WHY: Final = {
    Lack.SHORT: f"It needs {LEAST} characters or more. A few words that do not belong together do.",
    Lack.LONG: f"It may have {MOST} characters at most.",
    Lack.COMMON: "Others would try it early: it is mostly common words, names, or signs in a row.",
    Lack.STOLEN: "It was stolen elsewhere, and those who try passwords have it.",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A second step that may be set up: its secret as people type it, and as an app opens it."""

    secret: str
    address: str


class OwnDesk:
    """Works for the people of one store. Every method raises AdvisedError or OSError."""

    def __init__(self, parts: PeopleParts) -> None:
        self._parts = parts
        self._pace = Pace(parts.clock)
        self._one_at_a_time = threading.Lock()

    def invited(self, link: str) -> Person | None:
        """Return who may choose a password with a link."""
        person = self._parts.people.with_link(hash_of(link)) if link else None
        return person if person is not None and self._parts.clock() < person.link_until_s else None

    def choose(self, link: str, password: str, again: str) -> Person:
        """Take the password that somebody chose with a link, which then works no more. All sessions of before end."""
        person = self.invited(link)
        if person is None:
            raise _refused("This link does not work any more.", "Ask for a new one.")
        self._check(person, password, again)
        if not self._parts.people.take_link(person, self._parts.hashes.made(password)):
            raise _refused("This link does not work any more.", "Ask for a new one.")
        self._parts.sessions.end_all(person.id)
        self._record(person, "A password for the page was chosen with a link.")
        return person

    def change_password(self, person: Person, session: str, now: str, password: str, again: str) -> None:
        """Take a new password; all other sessions end."""
        self._prove(person, now)
        self._check(person, password, again)
        self._change(person, password=self._parts.hashes.made(password))
        self._parts.sessions.end_all(person.id, but=hash_of(session))
        self._record(person, "The password for the page was changed. All other sessions have ended.")

    def offer(self, person: Person, session: str) -> Offer:
        """Return a second step to be set up. It stays the same for a session, and counts once a code has proved it."""
        secret = self._secret(person, session)
        return Offer(written(secret), address(secret, person.name))

    def set_up(self, person: Person, session: str, password: str, code: str) -> tuple[str, ...]:
        """Take the offered second step, and return fresh recovery codes, which are shown this once."""
        self._prove(person, password)
        step = step_of(self._secret(person, session), "".join(code.split()), self._parts.clock(), after=0)
        if step is None:
            raise _refused(
                "This code does not fit.", "Codes change every half minute. See that your phone's time is right."
            )
        self._change(person, step=self._salt(person, session), step_at=step)
        self._parts.sessions.end_all(person.id, but=hash_of(session))
        self._record(person, "The second step for the page was set up. All other sessions have ended.")
        return self._fresh_codes(person)

    def renew_codes(self, person: Person, password: str) -> tuple[str, ...]:
        """Return fresh recovery codes; the old ones work no more."""
        self._prove(person, password)
        if not person.step:
            raise _refused("There is no second step.", "Set it up first.")
        self._record(person, "New recovery codes for the page were made.")
        return self._fresh_codes(person)

    def end(self, person: Person, id_: str) -> None:
        """End one of the person's own sessions."""
        own = {one.id for one in self._parts.open_sessions(person)}
        if id_ not in own or not self._parts.sessions.end(id_):
            raise _refused("There is no such session.", "It may have ended by itself.")
        self._record(person, "A session at the page was ended.")

    def end_others(self, person: Person, session: str) -> int:
        """End all but this one; return how many."""
        number = self._parts.sessions.end_all(person.id, but=hash_of(session))
        self._record(person, "All other sessions at the page were ended.")
        return number

    def end_of(self, owner: str, typed: str) -> None:
        """End all sessions of somebody else, as an owner may."""
        person = self._parts.people.named(name_of(typed))
        if person is None:
            raise _refused("There is nobody of that name.", "See the list.")
        self._parts.sessions.end_all(person.id)
        said = f"All sessions of {person.name} at the page were ended."
        self._parts.record(said, by=owner, kind=AuditKind.ADMINISTRATION)

    def codes_left(self, person: Person) -> int:
        """Return how many recovery codes are left."""
        return self._parts.people.codes_left(person)

    def _fresh_codes(self, person: Person) -> tuple[str, ...]:
        codes = new_codes(self._parts.random_bytes)
        self._parts.people.put_codes(person, [code_hash(self._parts.key, person.id, code) for code in codes])
        return codes

    def _secret(self, person: Person, session: str) -> bytes:
        return step_secret(self._parts.key, person.id, self._salt(person, session))

    def _salt(self, person: Person, session: str) -> str:
        text = f"salt\x1f{person.id}\x1f{person.step}\x1f{session}"
        return hmac.new(self._parts.key, text.encode(), hashlib.sha256).hexdigest()

    def _prove(self, person: Person, password: str) -> None:
        with self._one_at_a_time:  # many at once would all be counted too late
            self._prove_alone(person, password)

    def _prove_alone(self, person: Person, password: str) -> None:
        if self._pace.wait_s(person.name, person.id) > 0:  # each by themselves: no address counts for all
            raise _refused("This was not done.", "There were too many wrong passwords. Wait a while.")
        if not self._parts.hashes.is_right(person.password, password):
            self._pace.fail(person.name, person.id)
            self._record(person, "A change at the page was refused: the password was wrong.")
            raise _refused("The password is wrong.", "Type the one with which you log in.")
        self._pace.succeed(person.name, person.id)

    def _change(self, person: Person, **values: object) -> None:
        if self._parts.people.change_proved(person, **values) is None:
            raise _refused("This was not done.", "Your password or second step was changed meanwhile. Log in again.")

    def _check(self, person: Person, password: str, again: str) -> None:
        if password != again:
            raise _refused("The two passwords are not the same.", "Type it twice.")
        lack = lack_of(password, (_PRODUCT, person.name, *self._parts.words), self._parts.stolen)
        if lack is not None:
            raise _refused("This password cannot be taken.", _WHY[lack])

    def _record(self, person: Person, said: str) -> None:
        self._parts.record(said, by=person.by, kind=AuditKind.ADMINISTRATION)


def _refused(what: str, why: str) -> AdvisedError:
    return AdvisedError(what, why, "")
