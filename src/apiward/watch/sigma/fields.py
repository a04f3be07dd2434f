"""The fields of an event, by the names that rules use: our own, and the usual ones of web server logs.

An empty text is no value: such a field is absent, as `null` and `exists` ask for it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from apiward.core import marks
from apiward.core.decision import Effect
from apiward.core.event import Event
from apiward.core.evidence import caller_of

Value: TypeAlias = str | int | None
Getter: TypeAlias = Callable[[Event], Value]

_MAX_NUMBER: Final = 10**18
_WHOLE_MARKS: Final = frozenset({marks.NUMBER, marks.RECORDS, marks.AMOUNT, marks.ASN})
_TEXT_MARKS: Final = (
    marks.SESSION,
    marks.DEVICE,
    marks.AGENT,
    marks.TENANT,
    marks.ACCOUNT,
    marks.OBJECT,
    marks.CARD,
    marks.RECIPIENT,
    marks.COUNTRY,
    marks.SOURCE,
    marks.ROLE,
)
"""The hash of a password that was tried is left out: it lives in memory only, and a rule's state is stored."""


def caller(event: Event) -> str:
    """Return who does it, as one key: the principal, or else `address:…`; empty where nothing is known."""
    who = caller_of(event)
    return f"address:{who}" if who and who == event.client else who


def _mark(name: str) -> Getter:
    def get(event: Event) -> Value:
        for key, value in event.marks:
            if key == name:
                return value or None
        return None

    return get


def _number_mark(name: str) -> Getter:
    text = _mark(name)

    def get(event: Event) -> Value:
        value = text(event)
        return (
            int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19 else None
        )

    return get


def _rules(event: Event) -> Value:
    return ",".join(ruling.decision.rule for ruling in event.rulings) or None


def _refused_by(event: Event) -> Value:
    for ruling in event.rulings:
        if ruling.is_applied and ruling.decision.effect is Effect.DENY:
            return ruling.decision.rule
    return None


def _milliseconds(seconds: float) -> int:
    return round(min(max(seconds, 0.0) * 1000, _MAX_NUMBER))


OWN: Final[Mapping[str, tuple[Getter, str]]] = MappingProxyType(
    {
        "method": (lambda event: event.method or None, "GET, POST, …"),
        "operation": (lambda event: event.operation or None, "the operation, as in `GET /orders/{id}`"),
        "path": (lambda event: event.path or None, "the path; masked where no operation is known"),
        "status": (lambda event: event.status or None, "the status of the answer, a number"),
        "outcome": (lambda event: event.outcome or None, "passed, refused, failed or gone"),
        "client": (lambda event: event.client or None, "the address of the caller"),
        "principal": (lambda event: event.principal or None, "who called, as in `user:42` or `key:partner`"),
        "caller": (lambda event: caller(event) or None, "who called, or `address:…` of who showed nothing"),
        "rules": (_rules, "the guard's rules that spoke, with commas between"),
        "refused_by": (_refused_by, "the guard's rule that refused it"),
        "kind": (lambda event: event.kind or None, "request, or what the guard says of itself"),
        "said": (lambda event: event.said or None, "what the guard said of itself"),
        "elapsed_ms": (lambda event: _milliseconds(event.elapsed_s), "how long it took, a number"),
        "request_size": (lambda event: event.request_size, "bytes of the request, a number"),
        "answer_size": (lambda event: event.answer_size, "bytes of the answer, a number"),
        **{name: (_mark(name), f"the mark {name}, where the guard or the log has it") for name in _TEXT_MARKS},
        **{
            name: (_number_mark(name), f"the mark {name}, a number, where the guard or the log has it")
            for name in sorted(_WHOLE_MARKS)
        },
    }
)
"""Our own names: what each reads, and what that is."""

USUAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cs-method": "method",
        "cs-uri-stem": "path",
        "cs-uri": "path",
        "c-uri": "path",
        "c-uri-path": "path",
        "c-ip": "client",
        "src_ip": "client",
        "sc-status": "status",
        "cs-username": "principal",
        "cs-user-agent": "agent",
        "c-useragent": "agent",
        "sc-bytes": "answer_size",
        "cs-bytes": "request_size",
        "time-taken": "elapsed_ms",
    }
)
"""Names of web server logs, and which of ours each is. Of the query nothing is kept, of the agent its program alone."""

NOT_KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cs-uri-query": "apiward keeps no query, as queries hold secrets and personal data.",
        "c-uri-query": "apiward keeps no query, as queries hold secrets and personal data.",
        "cs-cookie": "apiward keeps no cookies.",
        "cs-referer": "apiward keeps no Referer, as it holds the query of another page.",
        "cs-referrer": "apiward keeps no Referer, as it holds the query of another page.",
        "cs-host": "apiward keeps no Host: one guard stands before one API.",
        "cs-version": "apiward keeps no version of HTTP.",
        "cs-body": "apiward keeps no bodies.",
        "secret": "The hash of a password that was tried lives in memory only, and a rule's state is stored.",
    }
)
"""Names that rules of others use and that no event has, each with its reason."""

_SHOWN: Final = tuple(name for name in OWN if name not in {"caller", "kind", "said"})


def whole_text(event: Event) -> str:
    """Return what keywords are looked for in: all values of an event, with spaces between."""
    values = (OWN[name][0](event) for name in _SHOWN)
    return " ".join(str(value) for value in values if value is not None)


def getter(name: str) -> Getter | None:
    """Return what reads the field of that name, or None where no event has it."""
    entry = OWN.get(USUAL.get(name.lower(), name))
    return entry[0] if entry else None
