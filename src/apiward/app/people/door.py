"""Lets people in: name and password, then the second step where there is one, then a session until it ends."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from apiward.access.people.codes import code_hash, plain
from apiward.access.people.pace import Pace
from apiward.access.people.second_step import step_of, step_secret
from apiward.app.people.parts import IDLE_S, PeopleParts, hash_of
from apiward.core.person import PageSession, Person, name_of

LASTS_S: Final = 12 * 3_600.0
HALF_S: Final = 600.0
"""For so long the second step may wait."""
KNOWN_S: Final = 180 * 86_400.0
NOTE_S: Final = 60.0
"""Seconds between two notes of when a session was last used."""
MOST_CODES: Final = 50
"""Wrong codes after which digits are taken in known browsers only: whoever tries them has the password."""
_LONGEST: Final = 100


class NotLetInError(Exception):
    """Somebody was not let in: `why` is "wrong", "slow" or "over", and how many seconds to wait."""

    def __init__(self, why: str, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class From:
    """Where somebody comes from: the address, the browser in a word, and what it says to be known by."""

    address: str
    browser: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A session that was given, and what lets the browser be known the next time."""

    session: str
    is_whole: bool
    known: str = ""


class Door:
    """Lets in whom the store knows. Every method may raise OSError, where the store is away."""

    def __init__(self, parts: PeopleParts) -> None:
        self._parts = parts
        self._pace = Pace(parts.clock)

    @property
    def has_people(self) -> bool:
        """Whether there is anybody who could log in."""
        return self._parts.people.count() > 0

    def look(self, typed: str, where: From) -> bool:
        """Return whether the browser is known to who has that name. Raises NotLetInError where one has to wait."""
        name = name_of(typed)
        known = self._known(self._parts.people.named(name) if name else None, where)
        self._wait(name, where, known)
        return bool(known)

    def log_in(self, typed: str, password: str, where: From) -> Entered:
        """Let somebody in by name and password. Raises NotLetInError."""
        name = name_of(typed)
        person = self._parts.people.named(name) if name else None
        known = self._known(person, where)
        self._wait(name, where, known)
        # Who is not there is checked as well, so that the time an answer takes names nobody.
        is_right = self._parts.hashes.is_right(person.password if person is not None else "", password)
        if person is None or not is_right:
            self._pace.fail(name, where.address, known)
            said = f"A log-in at the page as {name} failed." if person else "A log-in at the page failed: no such name."
            self._parts.record(said, by=f"address:{where.address}")
            raise NotLetInError("wrong")
        self._pace.succeed(name, where.address, known)
        if self._parts.hashes.is_old(person.password):
            fresh = self._parts.people.change_proved(person, password=self._parts.hashes.made(password))
            if fresh is None:
                raise NotLetInError("over")
            person = fresh
        if person.step:
            return Entered(self._session(person, where, is_whole=False), is_whole=False)
        return self._let_in(person, where, "by password")

    def second_step(self, session: str, typed: str, where: From) -> Entered:
        """Take the code of the app, or a recovery code, and give a new session. Raises NotLetInError."""
        half = self._good(session)
        person = self._parts.people.of(half.person) if half is not None and not half.is_whole else None
        if half is None or person is None:
            raise NotLetInError("over")
        name, known = f"{person.name} (second step)", self._known(person, where)
        self._wait(name, where, known)
        how = self._code(person, typed, is_known=bool(known), wrong=self._pace.wrong(name))
        if not how:
            self._pace.fail(name, where.address, known)
            self._parts.record(
                f"The second step of a log-in at the page as {person.name} failed. The password was right.",
                by=f"address:{where.address}",
            )
            raise NotLetInError("wrong")
        if not self._parts.sessions.end(half.id):  # two at once: one gets in
            raise NotLetInError("over")
        self._pace.succeed(name, where.address, known)
        return self._let_in(person, where, how)

    def found(self, session: str) -> tuple[Person, PageSession] | None:
        """Return whose session it is, None where it is none, or not whole."""
        found = self._good(session)
        if found is None or not found.is_whole:
            return None
        person = self._parts.people.of(found.person)
        if person is None:
            return None
        now_s = self._parts.clock()
        if now_s - found.seen_s >= NOTE_S:
            self._parts.sessions.see(found, now_s)
        return person, found

    def waits(self, session: str) -> bool:
        """Return whether a session waits for its second step."""
        found = self._good(session)
        return found is not None and not found.is_whole

    def leave(self, session: str) -> None:
        """End a session."""
        found = self.found(session)
        if self._parts.sessions.end(hash_of(session)) and found is not None:
            self._parts.record("Left the page.", by=found[0].by)

    def _good(self, session: str) -> PageSession | None:
        found = self._parts.sessions.get(hash_of(session)) if session else None
        now_s = self._parts.clock()
        if found is None or not found.made_s <= now_s < found.until_s or now_s - found.seen_s >= IDLE_S:
            return None
        return found

    def _wait(self, name: str, where: From, known: str) -> None:
        wait_s = self._pace.wait_s(name, where.address, known)
        if wait_s > 0:
            raise NotLetInError("slow", wait_s)

    def _code(self, person: Person, typed: str, *, is_known: bool, wrong: int) -> str:
        """Use a code up, and return what it was; empty where it is none."""
        parts = self._parts
        if plain(typed):
            took = parts.people.take_code(person, code_hash(parts.key, person.id, typed))
            return "by password and a recovery code" if took else ""
        if wrong >= MOST_CODES and not is_known:
            return ""
        secret = step_secret(parts.key, person.id, person.step)
        step = step_of(secret, "".join(typed.split()), parts.clock(), after=person.step_at)
        is_first = step is not None and parts.people.take_step(person, step)
        return "by password and a code" if is_first else ""

    def _let_in(self, person: Person, where: From, how: str) -> Entered:
        session = self._session(person, where, is_whole=True)
        self._parts.record(f"Logged in at the page {how}, from {where.address}.", by=person.by)
        return Entered(session, is_whole=True, known=self._knowing(person))

    def _session(self, person: Person, where: From, *, is_whole: bool) -> str:
        secret, now_s = self._parts.secret(), self._parts.clock()
        until_s = now_s + (LASTS_S if is_whole else HALF_S)
        address, browser = where.address[:_LONGEST], where.browser[:_LONGEST]
        kept = PageSession(hash_of(secret), person.id, now_s, now_s, until_s, is_whole, address, browser)
        self._parts.sessions.add(kept, idle_s=IDLE_S)
        now = self._parts.people.of(person.id)
        if now is None or (now.password, now.step) != (person.password, person.step):
            # Taken back, or changed, while this was judged: what ended all sessions came before this one.
            self._parts.sessions.end(kept.id)
            raise NotLetInError("over")
        return secret

    def _knowing(self, person: Person) -> str:
        until = f"{self._parts.clock() + KNOWN_S:.0f}"
        return f"{until}.{self._mark(person, until)}"

    def _known(self, person: Person | None, where: From) -> str:
        """Return what a browser is known by that this person has logged in with before; empty for others."""
        until, _, mark = where.known.partition(".")
        if person is None or not until.isdecimal() or len(until) > 12 or int(until) < self._parts.clock():
            return ""
        is_ours = hmac.compare_digest(self._mark(person, until).encode(), mark.encode("utf-8", "replace"))
        return mark if is_ours else ""

    def _mark(self, person: Person, until: str) -> str:
        """Return a mark that nobody can make, and that a new password ends."""
        text = f"known browser\x1f{person.id}\x1f{until}\x1f{person.password}"
        return hmac.new(self._parts.key, text.encode(), hashlib.sha256).hexdigest()
