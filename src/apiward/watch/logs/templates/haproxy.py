"""The `log-format` of HAProxy: texts with `%` aliases, of which a part may be quoted or sampled."""

import re
from dataclasses import replace
from typing import Final

from apiward.watch.logs.templates.slots import WITH_PORT, FormError, Part, Role, Slot, field_name

_ALIAS: Final = re.compile(r"%(?:\{[^}]{0,60}\})?(?:\[([^\]]{1,200})\]|([A-Za-z]{1,4}))|%%")
_ROLES: Final = {
    "ci": ("remote_addr", Role.CLIENT),
    "r": ("request", Role.REQUEST),
    "HM": ("request_method", Role.METHOD),
    "HU": ("request_uri", Role.TARGET),
    "HP": ("uri", Role.PATH),
    "HQ": ("args", Role.QUERY),
    "ST": ("status", Role.STATUS),
    "B": ("bytes_sent", Role.ANSWER_SIZE),
    "U": ("request_length", Role.REQUEST_SIZE),
    "t": ("time_local", Role.CLF),
    "tr": ("time_local", Role.CLF),
    "T": ("time_local", Role.CLF),
    "trg": ("time_local", Role.CLF),
    "Ts": ("msec", Role.EPOCH),
    "Ta": ("request_ms", Role.ELAPSED_MS),
    "Tt": ("request_ms", Role.ELAPSED_MS),
}
_SAMPLES: Final = {
    "src": ("remote_addr", Role.CLIENT),
    "method": ("request_method", Role.METHOD),
    "path": ("uri", Role.PATH),
    "url": ("request_uri", Role.TARGET),
    "status": ("status", Role.STATUS),
    "query": ("args", Role.QUERY),
}
_HEADER: Final = re.compile(r"(?:capture\.req\.hdr|req\.hdr|req\.fhdr|hdr)\(([A-Za-z0-9_-]{1,60})\)")
_COOKIE: Final = re.compile(r"req\.cook\(([A-Za-z0-9_-]{1,60})\)")
_NAMED: Final = {"http_user_agent": Role.AGENT, "http_x_forwarded_for": Role.FORWARDED}


def haproxy_parts(form: str) -> tuple[Part, ...]:
    """Return the parts of a form, given as its text or as the whole directive. Raises FormError."""
    text = _text(form)
    parts: list[Part] = []
    literal, at, seen = "", 0, set[Role]()
    for found in _ALIAS.finditer(text):
        literal += text[at : found.start()]
        at = found.end()
        if found[0] == "%%":
            literal += "%"
            continue
        slot = _sampled(found[1]) if found[1] else _aliased(found[2])
        if literal:
            parts.append(literal)
            literal = ""
        quoted = "+Q" in found[0].partition("}")[0]
        fresh = Slot(slot.name) if slot.role in seen else slot
        parts += ['"', fresh, '"'] if quoted else [fresh]
        seen.add(slot.role)
        seen.discard(Role.NONE)
    literal += text[at:]
    return _joined((*parts, literal) if literal else tuple(parts))


def _aliased(name: str) -> Slot:
    known, role = _ROLES.get(name, (f"alias_{name.lower()}", Role.NONE))
    return Slot(known, role)


def _sampled(sample: str) -> Slot:
    name = sample.partition(",")[0].strip()
    header, cookie = _HEADER.match(name), _COOKIE.match(name)
    if header or cookie:
        known = f"http_{field_name(header[1])}" if header else f"cookie_{field_name(cookie[1] if cookie else '')}"
        return Slot(known, _NAMED.get(known, Role.NONE))
    known, role = _SAMPLES.get(name, (f"sample_{field_name(name)[:40]}", Role.NONE))
    return Slot(known, role)


def _joined(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with texts that stand side by side as one."""
    made: list[Part] = []
    for part in parts:
        last = made[-1] if made else None
        if isinstance(part, str) and isinstance(last, str):
            made[-1] = last + part
        elif isinstance(part, str) and part[:1] == ":" and isinstance(last, Slot) and last.role is Role.CLIENT:
            made[-1] = replace(last, pattern=WITH_PORT)  # an IPv6 address has colons of its own
            made.append(part)
        else:
            made.append(part)
    return tuple(made)


def _text(form: str) -> str:
    """Return the text of `log-format …`, with its escaped blanks and quotes, or the form as it is."""
    stripped = form.strip()
    if not stripped.startswith("log-format"):
        return form.strip("\r\n")
    text = stripped.removeprefix("log-format").strip()
    if text[:1] in {'"', "'"}:
        if len(text) < 2 or text[-1] != text[0]:
            raise FormError("the quote of log-format is not closed")
        text = text[1:-1]
    return re.sub(r"\\(.)", r"\1", text)
