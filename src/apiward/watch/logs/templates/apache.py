"""The `LogFormat` of Apache: texts with `%` directives."""

import re
from typing import Final

from apiward.watch.logs.templates.slots import FormError, Part, Role, Slot, field_name

_DIRECTIVE: Final = re.compile(
    r"%(?:!?[0-9]{3}(?:,[0-9]{3})*)?([<>]?)(?:\{([^}]{1,100})\})?([<>]?)(\^[A-Za-z]{2}|[A-Za-z%])"
)
_ROLES: Final = {
    "h": ("remote_addr", Role.CLIENT),
    "a": ("remote_addr", Role.CLIENT),
    "u": ("remote_user", Role.USER),
    "r": ("request", Role.REQUEST),
    "m": ("request_method", Role.METHOD),
    "U": ("uri", Role.PATH),
    "q": ("args", Role.QUERY),
    "s": ("status", Role.STATUS),
    "b": ("body_bytes_sent", Role.ANSWER_SIZE),
    "B": ("body_bytes_sent", Role.ANSWER_SIZE),
    "O": ("bytes_sent", Role.ANSWER_SIZE),
    "I": ("request_length", Role.REQUEST_SIZE),
    "D": ("request_us", Role.ELAPSED_US),
    "T": ("request_time", Role.ELAPSED_S),
}
_HEADERS: Final = {"user_agent": Role.AGENT, "x_forwarded_for": Role.FORWARDED}
_UNITS: Final = {"us": Role.ELAPSED_US, "ms": Role.ELAPSED_MS, "s": Role.ELAPSED_S}
_TIMES: Final = {"sec": Role.EPOCH, "msec": Role.EPOCH, "usec": Role.EPOCH}
_ISO: Final = ("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%FT%T%z", "%FT%T", "%Y-%m-%d %H:%M:%S")
_CLF: Final = ("%d/%b/%Y:%H:%M:%S %z", "%d/%b/%Y:%T %z")


def apache_parts(form: str) -> tuple[Part, ...]:
    """Return the parts of a form, given as its text or as the whole line of the settings. Raises FormError."""
    text = _text(form)
    parts: list[Part] = []
    literal, at, seen = "", 0, set[Role]()
    for found in _DIRECTIVE.finditer(text):
        literal += text[at : found.start()]
        at = found.start() + len(found[0])
        letters = found[4]
        if letters == "%":
            literal += "%"
            continue
        for piece in _slots(letters, found[2] or ""):
            if isinstance(piece, str):
                literal += piece
                continue
            if literal:
                parts.append(literal)
                literal = ""
            if piece.role is Role.QUERY and parts and _is_path(parts[-1]):  # `%U%q` is the path with its query
                parts[-1] = Slot("request_uri", Role.TARGET)
                continue
            parts.append(Slot(piece.name) if piece.role in seen else piece)
            seen.add(piece.role)
            seen.discard(Role.NONE)
    literal += text[at:]
    return (*parts, literal) if literal else tuple(parts)


def _is_path(part: Part) -> bool:
    return isinstance(part, Slot) and part.role is Role.PATH


def _slots(letter: str, inner: str) -> tuple[Part, ...]:
    if letter == "t":
        return _time(inner)
    if letter in {"i", "C", "o", "e", "n"}:
        name = field_name(inner)
        kind = {"i": "http", "C": "cookie", "o": "sent_http"}.get(letter, "note")
        role = _HEADERS.get(name, Role.NONE) if letter == "i" else Role.NONE
        return (Slot(f"{kind}_{name}", role, has_blanks=role is Role.FORWARDED),)
    if letter == "T" and inner:
        return (Slot("request_time", _UNITS.get(inner, Role.NONE)),)
    if letter == "a" and inner == "c":
        return (Slot("peer_addr"),)
    name, role = _ROLES.get(letter, (f"directive_{letter.strip('^')}", Role.NONE))
    return (Slot(name, role),)


def _time(inner: str) -> tuple[Part, ...]:
    inner = inner.removeprefix("begin:").removeprefix("end:")
    if not inner:
        return ("[", Slot("time_local", Role.CLF), "]")
    if inner in _TIMES:
        return (Slot("msec", _TIMES[inner]),)
    if inner in _CLF:
        return (Slot("time_local", Role.CLF),)
    if inner in _ISO:
        return (Slot("time_iso8601", Role.ISO, pattern=r"[0-9-]{10}[T ][0-9:.]{5,20}(?:Z|[+-][0-9:]{2,6})?"),)
    raise FormError(f"the time {inner[:40]!r} is not one that can be read")


def _text(form: str) -> str:
    """Return the text of `LogFormat "…" name`, or the form as it is."""
    stripped = form.strip()
    if stripped[:9].lower() != "logformat":
        return form.strip("\r\n")
    found = re.match(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'", stripped[9:].strip())
    if found is None:
        raise FormError("the text of LogFormat stands in quotes")
    return (found[1] or found[2] or "").replace('\\"', '"')


__all__ = ["apache_parts"]
