"""Entries of a log as events: who calls, what is asked for, and what may be kept of it."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias, TypeVar
from urllib.parse import unquote

from apiward.core.decision import Ruling
from apiward.core.event import Event
from apiward.core.marks import AGENT, NUMBER, OBJECT, SESSION, SOURCE
from apiward.core.principal import ANONYMOUS, PrincipalKind
from apiward.watch.logs.agents import family_of
from apiward.watch.logs.attacks import rulings_of
from apiward.watch.logs.model import Entry
from apiward.watch.logs.paths import PathTemplates
from apiward.watch.logs.values import harmless

_MOST_KEPT: Final = 65_536
_LONGEST_KEPT: Final = 512
_MOST_NAME: Final = 120
_MOST_METHOD: Final = 20
_MOST_OPERATION: Final = 200
_LONGEST_PATH: Final = 2_048
_ADDRESS: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,10}://[^/?#]*")
_ANONYMOUS: Final = ANONYMOUS.key
_made: Final = tuple.__new__
"""Makes an event of all its values; by name it would cost twice as much, for each line."""
_OUTCOMES: Final = {499: "gone", **dict.fromkeys((502, 503, 504, 520, 521, 522, 523, 524), "failed")}
_LEAST_ODD: Final = min(_OUTCOMES)
_K = TypeVar("_K", str, tuple[str, str, str])
_T = TypeVar("_T")
_Marks: TypeAlias = tuple[tuple[str, str], ...]

Digest: TypeAlias = Callable[[str], str]
"""A keyed hash of a text, short and in letters that can be kept."""
Origin: TypeAlias = Callable[[str, str], str]
"""The true address of a client, from the peer that the log names and what proxies said before it."""
Match: TypeAlias = Callable[[str, str], tuple[str, tuple[str, ...]]]
"""The key of the described operation of a method and a path, and the values in the path."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is the same for all lines of one log. Without `match`, operations are learned."""

    source: str
    digest: Digest
    origin: Origin
    match: Match | None = None
    kind: PrincipalKind = PrincipalKind.USER
    hides_names: bool = False
    templates: PathTemplates = field(default_factory=PathTemplates)


class _Place(NamedTuple):
    method: str
    operation: str
    path: str
    marks: _Marks
    rulings: tuple[Ruling, ...]


class EventMaker:
    """Makes events. What was found out about a path, a program, an address or a token is remembered for a while."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._digest = meaning.digest
        self._templates = meaning.templates
        self._is_learning = meaning.match is None
        self._learned = meaning.templates.known
        self._places: dict[tuple[str, str, str], _Place] = {}
        self._agents: dict[str, _Marks] = {}
        self._clients: dict[str, str] = {}
        self._callers: dict[str, str] = {}
        self._sessions: dict[str, _Marks] = {}

    def event(self, entry: Entry, id_: str) -> Event:  # noqa: C901 - of each line: a call costs
        """Return the event of an entry."""
        (at_s, client, user, method, target, status, answer_size, request_size, elapsed_s, agent, forwarded, named,
         token, operation, marks) = entry  # fmt: skip
        asked = method, target, operation
        place = self._places.get(asked)
        if place is None:
            place = self._place(method, target, operation)
            if sum(map(len, asked)) <= _LONGEST_KEPT:
                _kept(self._places, asked, place)
        method, key, path, reached, rulings = place
        if self._is_learning and key not in self._learned and key not in self._templates:
            if 200 <= status < 400:
                self._templates.add(key)
            elif not operation:
                key = ""
        seen = self._agents.get(agent)
        if seen is None:
            seen = _kept(self._agents, agent, self._program(agent))
        origin = f"{client} {forwarded}" if forwarded else client
        address = self._clients.get(origin)
        if address is None:
            address = _kept(self._clients, origin, harmless(self._meaning.origin(client, forwarded))[:_MOST_NAME])
        shown = named or user
        if shown or token:
            caller = shown or f"\0{token}"
            who = self._callers.get(caller)
            if who is None:
                who = _kept(self._callers, caller, self._caller(shown, token))
            if token:
                seen += self._sessions.get(token) or _kept(self._sessions, token, ((SESSION, self._token(token)),))
        else:
            who = _ANONYMOUS
        outcome = "passed" if status < _LEAST_ODD else _OUTCOMES.get(status, "passed")
        said = seen + reached if reached else seen
        return _made(
            Event,
            (id_, at_s, method, key, path, status, outcome, address, who, rulings, 0.0, elapsed_s, request_size,
             answer_size, "request", "", said + _harmless_marks(marks) if marks else said),
        )  # fmt: skip

    def _place(self, method: str, target: str, operation: str) -> _Place:
        method, path, named = harmless(method)[:_MOST_METHOD], _path(target), harmless(operation)[:_MOST_OPERATION]
        match = self._meaning.match
        if match is not None:
            key, values = match(method, path)
            return _Place(method, key, path, self._object(path, values[-1] if values else ""), rulings_of(target))
        key, value = self._templates.key_of(method, path)
        key = sys.intern(named or key)  # one text for all of an operation is found at once, wherever it is looked for
        return _Place(method, key, path, self._object(path, value), rulings_of(target))

    def _object(self, path: str, value: str) -> _Marks:
        if not value or value[0] == "{":  # some clouds log the template in the place of the path
            return ()
        reached = path[: path.rfind(value) + len(value)] if value in path else value
        marks: _Marks = ((OBJECT, self._digest(f"object\0{reached}")),)
        return (*marks, (NUMBER, value)) if value.isdecimal() and value.isascii() and len(value) <= 18 else marks

    def _program(self, agent: str) -> _Marks:
        family = family_of(agent)
        source: _Marks = ((SOURCE, self._meaning.source),)
        return (*source, (AGENT, family)) if family else source

    def _caller(self, shown: str, token: str) -> str:
        if not shown:
            return f"{PrincipalKind.TOKEN.value}:{self._token(token)}"
        name = harmless(shown)
        is_hidden = self._meaning.hides_names or len(name) > _MOST_NAME
        return f"{self._meaning.kind.value}:{self._digest(f'name{chr(0)}{name}') if is_hidden else name}"

    def _token(self, token: str) -> str:
        return self._digest(f"token\0{token.rpartition(' ')[2]}")


def _harmless_marks(marks: _Marks) -> _Marks:
    return tuple((name, harmless(text)[:_MOST_NAME]) for name, text in marks)


def _kept(known: dict[_K, _T], key: _K, value: _T) -> _T:
    if len(key) > _LONGEST_KEPT:  # who asks for many long paths must not fill the memory
        return value
    if len(known) >= _MOST_KEPT:
        known.clear()
    known[key] = value
    return value


def _path(target: str) -> str:
    """Return the path of a target as it is matched: decoded, without query and host, and in one line."""
    path = target.partition("?")[0].partition("#")[0][:_LONGEST_PATH]
    if not path.startswith("/"):
        path = _ADDRESS.sub("", path, count=1) or "/"
    if "%" in path:
        path = unquote(path)
    return harmless(path)


__all__ = ["Digest", "EventMaker", "Match", "Meaning", "Origin"]
