"""Keeps the inside of the API inside: traces, database errors, paths, debug pages, names of servers."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import orjson

from apiward.classify.leaks import MAX_READ, TELLING_HEADERS, path_shown, seen_inside
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.jsonvalue import Json, NotJson, walk
from apiward.core.ports import StreamEditor
from apiward.core.settings import setting
from apiward.guard.answers.reading import unpacked
from apiward.guard.answers.withholding import Withholder
from apiward.guard.stage import Parts, StageName

MAX_KEPT: Final = 2_000
"""Sets of header names whose decision is kept."""
PROBLEM: Final = b"application/problem+json"
_BRACKET: Final = ord("(")
_ANGLE: Final = ord("<")
_TEXTS: Final = (b"json", b"text/", b"xml", b"html", b"problem")
_INNER_NAMES: Final = frozenset(
    """stack stacktrace trace traceback exception exceptiontype exceptionclass innerexception previous sql query
    sqlmessage sqlstate errno debug debuginfo frames lineno linenumber filename innererror sourcecode""".split()
)
_LOST: Final = frozenset(
    {b"content-encoding", b"content-md5", b"digest", b"content-digest", b"repr-digest", b"etag", b"last-modified"}
    | {b"content-disposition", b"content-range", b"accept-ranges", b"content-language", b"refresh"}
)


class ServerErrors(StrEnum):
    """Which answers of a failed API are replaced."""

    ALL = "all"
    VERBOSE = "verbose"
    LEAKS = "leaks"


@dataclass(frozen=True, slots=True)
class ConcealSettings:
    """What is kept inside."""

    server_errors: ServerErrors = setting(  # noqa: RUF009 - a field, as all settings are
        ServerErrors.VERBOSE,
        "Which answers from 500 on are replaced: all, those that say much (pages, traces), or only those that leak.",
    )
    headers: bool = setting(default=True, help_text="Take out headers that name servers and frameworks.")
    more_headers: tuple[str, ...] = setting((), "More header names to take out.")
    keep_headers: tuple[str, ...] = setting((), "Header names to leave, although they name a server or framework.")


class Conceal:
    """Takes out headers at once, and replaces bodies that tell too much."""

    name: Final = StageName.CONCEAL

    def __init__(self, settings: ConcealSettings, parts: Parts) -> None:  # noqa: ARG002 - all stages are built alike
        self._server_errors = settings.server_errors
        kept = {name.lower().encode() for name in settings.keep_headers}
        more = {name.lower() for name in settings.more_headers}
        named = {name.encode() for name in {*TELLING_HEADERS, "server", *more}} if settings.headers else set()
        self._hidden = frozenset(named | {name.encode() for name in more}) - kept
        self._known: dict[tuple[bytes, ...], Edit] = {}

    def on_answer_head(self, call: Call, answer: Answer) -> Edit | None:  # noqa: ARG002 - all stages are called alike
        """Take out what names servers and frameworks."""
        names = answer.names
        return None if self._hidden.isdisjoint(names) else self._without(names)

    def repeats_head(self, answer: Answer) -> bool:  # noqa: ARG002 - the shape of a phase
        """Return that the names of headers decide."""
        return True

    def wants_answer(self, call: Call, answer: Answer) -> bool:
        """Whether the answer is an error in text form."""
        if answer.status < 400 or call.method == "HEAD":
            return False
        media_type = answer.media_type
        return not media_type or any(part in media_type for part in _TEXTS)

    def on_answer_body(self, call: Call, answer: Answer) -> Decision | None:
        """Replace an error that tells too much; only say so where a good answer holds a trace."""
        body = answer.body
        if not body:
            return None
        if answer.status < 400:
            # One sign is looked for first, as a number: to look for more at once costs ten times as much.
            has_trace = _BRACKET in body and b"Traceback (most" in body
            is_page = _ANGLE in body and b"</" in body[:2_000]
            return self._in_good_answer(body) if has_trace or is_page else None
        body = unpacked(body, answer.header(b"content-encoding")) or body
        text = body[:MAX_READ].decode("utf-8", "replace")
        found = self._seen(call, answer, text)
        if not found:
            return None
        rule, saw = found
        return Decision(rule, Effect.EDIT, place="answer", saw=saw, edit=_problem(call, answer.status))

    def stream_editor(self, call: Call, answer: Answer) -> StreamEditor | None:
        """Return what withholds an error that is too long to be held, or None where it may go as it is."""
        if not self.wants_answer(call, answer):
            return None
        instead = _problem(call, answer.status).body or b""
        return Withholder(lambda piece: self._tells(call, answer, piece), instead)

    def _tells(self, call: Call, answer: Answer, piece: bytes) -> bool:
        texts = (piece[at : at + MAX_READ] for at in range(0, len(piece), MAX_READ))
        return any(self._seen(call, answer, text.decode("utf-8", "replace")) for text in texts)

    def _without(self, names: tuple[bytes, ...]) -> Edit:
        known = self._known.get(names)
        if known is None:
            known = Edit(removed=self._hidden.intersection(names))
            if len(self._known) < MAX_KEPT:
                self._known[names] = known
        return known

    def _in_good_answer(self, body: bytes) -> Decision | None:
        what, _ = seen_inside(body[:MAX_READ].decode("utf-8", "replace"))
        return Decision("conceal.trace-in-answer", Effect.NOTE, place="answer", saw=what) if what else None

    def _seen(self, call: Call, answer: Answer, text: str) -> tuple[str, str] | None:
        what, piece = seen_inside(text)
        if what and not _is_echo(call, piece):
            return ("conceal.database" if "database" in what else "conceal.trace"), what
        path = path_shown(text)
        if path and not _is_echo(call, path):
            return "conceal.path", "a path of the server"
        if answer.status < 500 or self._server_errors is ServerErrors.LEAKS:
            return None
        return _verbose(answer, text, is_all=self._server_errors is ServerErrors.ALL)


def _verbose(answer: Answer, text: str, *, is_all: bool) -> tuple[str, str] | None:
    if is_all:
        return "conceal.server-error", f"an answer of {len(text)} characters"
    start = text.lstrip()[:1]
    if start == "<":
        return "conceal.server-error", "a page"
    value: Json | NotJson = answer.value
    if isinstance(value, NotJson) and start in ("{", "["):
        try:
            value = orjson.loads(text)
        except ValueError:
            value = NotJson.NOT_JSON
    if isinstance(value, NotJson):
        return ("conceal.server-error", "a long text") if len(text) > 300 else None
    inner = _inner_name(pointer[-1] for pointer, node in walk(value) if pointer and node not in (None, "", [], {}))
    return ("conceal.server-error", f"the field {inner}") if inner else None


def _inner_name(names: Iterable[str | int]) -> str:
    """Return the first name that speaks of the program and not of the request."""
    for name in names:
        if isinstance(name, str) and name.lower().replace("_", "").replace("-", "") in _INNER_NAMES:
            return name[:40]
    return ""


def _is_echo(call: Call, piece: str) -> bool:
    """Whether the caller sent that piece itself, so that nothing is given away."""
    raw = piece.encode("utf-8", "replace")
    if raw in call.body or raw in call.query or raw in call.target_path or piece in call.path:
        return True
    return any(piece in value for _, value in call.query_pairs)


def _problem(call: Call, status: int) -> Edit:
    title = "Something went wrong on our side." if status >= 500 else "The request could not be handled."
    problem: dict[str, Json] = {"type": "urn:apiward:conceal.error", "title": title, "status": status}
    if call.incident:
        problem["incident"] = call.incident
    added = ((b"content-type", PROBLEM), (b"cache-control", b"no-store"))
    return Edit(body=orjson.dumps(problem), value=problem, removed=_LOST, added=added)
