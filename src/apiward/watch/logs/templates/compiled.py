"""A declared form compiled into a reader: one pattern for nearly all lines, a slower one where quotes are escaped.

Every value ends at the sign that follows it in the form. So no pattern tries twice, and the time for a line grows with
its length alone.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from apiward.watch.logs.model import MAX_LINE, Entry, Flaw, Wishes
from apiward.watch.logs.templates.slots import ELAPSED, TIMES, FormError, Part, Role, Slot, is_named
from apiward.watch.logs.times import Times, number_s
from apiward.watch.logs.values import STATUSES, request_of, seconds_of, size_of, status_of, unescaped

_ORDER: Final = (
    Role.CLIENT, Role.USER, Role.REQUEST, Role.METHOD, Role.TARGET, Role.PATH, Role.QUERY, Role.STATUS,
    Role.ANSWER_SIZE, Role.REQUEST_SIZE, Role.AGENT, Role.FORWARDED,
)  # fmt: skip
_PLAIN: Final = [Role.CLIENT, Role.USER, Role.CLF, Role.REQUEST, Role.STATUS, Role.ANSWER_SIZE, Role.AGENT]
"""What the combined form tells, in its order, as nearly all logs do: such lines are read without a look for more."""
_MOST_REQUESTS: Final = 16_384
_LONGEST_KEPT: Final = 512
_BLANK_LIST: Final = r"[^ ,]*+(?:(?:, ?| : )[^ ,]*+)*"
_LONGEST_FORM: Final = 8_192
_made: Final = tuple.__new__
"""Makes an entry of all its values; by name it would cost twice as much, for each line."""


class TemplateReader:
    """Reads lines of one declared form. Raises FormError where the form tells too little.

    Where `is_open`, more may stand at the end of a line.
    """

    heading: Final = ""

    def __init__(self, parts: Sequence[Part], wishes: Wishes, *, is_open: bool = False) -> None:
        self._parts = tuple(parts)
        slots = [part for part in parts if isinstance(part, Slot)]
        _check(slots, parts)
        wanted = {wishes.principal, wishes.token, wishes.forwarded} - {""}
        for name in wanted:
            if not any(is_named(slot, name) for slot in slots):
                raise FormError(f'the form has no field "{name[:40]}"; it has {", ".join(one.name for one in slots)}')
        slots = [slot for slot in slots if slot.role or any(is_named(slot, name) for name in wanted)]
        self._match = re.compile(_pattern(parts, slots, is_careful=False, is_open=is_open), re.DOTALL).match
        self._careful = re.compile(_pattern(parts, slots, is_careful=True, is_open=is_open), re.DOTALL)
        time = next(role for role in TIMES if role in {slot.role for slot in slots})
        elapsed = next((role for role in ELAPSED if role in {slot.role for slot in slots}), Role.ELAPSED_S)
        self._unit_s = ELAPSED[elapsed]
        places = {role: _place(slots, role) for role in (time, *_ORDER, elapsed)}
        wished = (_wished(slots, wishes.principal), _wished(slots, wishes.token))
        forwarded = _wished(slots, wishes.forwarded)
        if wishes.forwarded:
            places[Role.FORWARDED] = forwarded
        self._places = (*places.values(), *wished)
        times = Times(wishes.zone_s)
        known: dict[Role, Callable[[str], float | None]] = {
            Role.CLF: times.clf,
            Role.ISO: times.iso,
            Role.EPOCH: number_s,
        }
        self._at = known[time]
        self._known_times = times.known_clf if time is Role.CLF else {}
        self._requests: dict[str, tuple[str, str]] = {}
        self._beginnings: list[re.Pattern[str]] = []
        self._is_whole = places[Role.REQUEST] != len(slots) + 1
        if [slot.role for slot in slots] == _PLAIN and not wanted:
            self.read = self._read_plain  # type: ignore[method-assign]  # chosen once, for each line

    def read(self, line: str) -> Entry | Flaw:
        """Return what a line says."""
        found = self._match(line) if len(line) <= MAX_LINE and '\\"' not in line else None
        if found is None:
            found = self._carefully(line)
            if found is None:
                return self._flaw(line)
        (time, client, user, request, method, target, path, query, status, answer, sent, agent, forwarded, took,
         named, token) = found.group(*self._places)  # fmt: skip
        at_s = self._known_times.get(time)
        if at_s is None:
            at_s = self._at(time)
        code = STATUSES.get(status)
        if code is None:
            code = status_of(status)
        if at_s is None or code is None:
            return Flaw("a time" if at_s is None else "a status", (time if at_s is None else status)[:60])
        if self._is_whole:
            known = self._requests.get(request)
            if known is None:
                known = self._request(request)
            method, target = known
        else:
            target = unescaped(target or (f"{path}?{query}" if query not in {"", "-"} else path).replace("??", "?", 1))
        return _made(
            Entry,
            (
                at_s,
                client,
                "" if user == "-" or not user else unescaped(user),
                method,
                target,
                code,
                int(answer) if len(answer) < 16 and answer.isdecimal() else size_of(answer),
                size_of(sent) if sent else 0,
                seconds_of(took, self._unit_s) if took else 0.0,
                agent,
                "" if forwarded == "-" else forwarded,
                "" if named == "-" or not named else unescaped(named),
                "" if token == "-" else token,  # noqa: S105 - what stands for nothing
                "",
                (),
            ),
        )

    def _read_plain(self, line: str) -> Entry | Flaw:
        """Return the same as `read` does, of a form that tells nothing but what is in `_PLAIN`."""
        found = self._match(line) if len(line) <= MAX_LINE and '\\"' not in line else None
        if found is None:
            found = self._carefully(line)
            if found is None:
                return self._flaw(line)
        client, user, time, request, status, answer, agent, _ = found.groups()
        at_s = self._known_times.get(time)
        if at_s is None:
            at_s = self._at(time)
        code = STATUSES.get(status)
        if at_s is None or code is None:
            return TemplateReader.read(self, line)  # which says what is the matter
        known = self._requests.get(request)
        if known is None:
            known = self._request(request)
        method, target = known
        size = int(answer) if len(answer) < 16 and answer.isdecimal() else size_of(answer)
        named = "" if user == "-" or not user else unescaped(user)
        return _made(Entry, (at_s, client, named, method, target, code, size, 0, 0.0, agent, "", "", "", "", ()))

    def _carefully(self, line: str) -> re.Match[str] | None:
        return self._careful.match(line) if len(line) <= MAX_LINE else None

    def _request(self, request: str) -> tuple[str, str]:
        known = request_of(unescaped(request))
        if len(request) <= _LONGEST_KEPT:  # who asks for many long paths must not fill the memory
            if len(self._requests) >= _MOST_REQUESTS:
                self._requests.clear()
            self._requests[request] = known
        return known

    def _flaw(self, line: str) -> Flaw:
        """Return up to which part a line is of this form."""
        if len(line) > MAX_LINE:
            return Flaw(f"at most {MAX_LINE:,} characters", f"{len(line):,}")
        for at in range(len(self._parts)):
            if self._beginning(at + 1).match(line) is None:
                return Flaw(_said(self._parts, at), line[:60])
        return Flaw("the end of the line", line[-60:])

    def _beginning(self, parts: int) -> re.Pattern[str]:
        """Return what lines begin with: the first part, the first two, and so on; made when it is asked for."""
        if parts > len(self._beginnings):
            pattern = _pattern(self._parts[:parts], (), is_careful=True, is_open=True)
            self._beginnings.append(re.compile(pattern, re.DOTALL))
        return self._beginnings[parts - 1]


def _said(parts: Sequence[Part], at: int) -> str:
    """Return a part in words."""
    part = parts[at]
    if isinstance(part, Slot):
        return f"{part.name} ({part.role.value})" if part.role else part.name
    before = parts[at - 1] if at else ""
    shown = "a blank" if part == " " else f"`{part}`"
    return f"{shown} after {before.name}" if isinstance(before, Slot) else shown


def _check(slots: Sequence[Slot], parts: Sequence[Part]) -> None:
    roles = {slot.role for slot in slots}
    missing = [
        word
        for word, wanted in (
            ("a time", set(TIMES)),
            ("the address of the client", {Role.CLIENT}),
            ("the request", {Role.REQUEST, Role.TARGET, Role.PATH}),
            ("the status", {Role.STATUS}),
        )
        if not roles & wanted
    ]
    if missing:
        raise FormError(f"the form does not name {', '.join(missing)}")
    for one, other in pairwise(parts):
        if isinstance(one, Slot) and isinstance(other, Slot) and not one.pattern:
            raise FormError(f"{one.name} and {other.name} stand side by side: nothing tells where one ends")
    if sum(len(part) if isinstance(part, str) else 8 for part in parts) > _LONGEST_FORM or len(slots) > 90:
        raise FormError("the form is too long")


def _place(slots: Sequence[Slot], role: Role) -> int:
    """Return the group of a role; the last group, which is always empty, where there is none."""
    return next((at for at, slot in enumerate(slots, 1) if slot.role is role), len(slots) + 1)


def _wished(slots: Sequence[Slot], name: str) -> int:
    return next((at for at, slot in enumerate(slots, 1) if is_named(slot, name)), len(slots) + 1)


def _pattern(parts: Sequence[Part], kept: Sequence[Slot], *, is_careful: bool, is_open: bool) -> str:
    made = []
    for at, part in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else ""
        if isinstance(part, str):
            made.append(re.escape(part))
        else:
            value = _slot(part, following if isinstance(following, str) else "", is_careful=is_careful)
            made.append(f"({value})" if part in kept else f"(?:{value})")
    return f"{''.join(made)}{'' if is_open else chr(13) + '?$'}()"


def _slot(slot: Slot, following: str, *, is_careful: bool) -> str:
    """Return the pattern of a value, which ends at the sign that follows."""
    if slot.pattern:
        return slot.pattern
    end = following[:1]
    if slot.role is Role.STATUS:
        return "[0-9]{3}|-"
    if not end:
        return _BLANK_LIST if slot.has_blanks else "[^ ]*+"
    if end == '"':
        return r'[^"\\]*+(?:\\.[^"\\]*+)*' if is_careful else '[^"]*+'
    if end != " ":
        return f"[^{re.escape(end)}]*+"
    if is_careful and slot.role is Role.USER and following[:2] == " [":
        return ".{0,300}?"  # a name with blanks in it would else hide the whole request
    return _BLANK_LIST if slot.has_blanks else "[^ ]*+"


__all__ = ["FormError", "TemplateReader"]
