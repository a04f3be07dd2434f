"""The `log_format` of nginx: texts with `$variables`, which are quoted as the form says."""

import re
from typing import Final

from apiward.watch.logs.templates.slots import FormError, Part, Role, Slot

_VARIABLE: Final = re.compile(r"\$(?:\{([a-z0-9_]{1,60})\}|([a-z0-9_]{1,60}))")
_STRINGS: Final = re.compile(r"'([^']*)'|\"((?:[^\"\\]|\\.)*)\"")
_ROLES: Final = {
    "time_local": Role.CLF,
    "time_iso8601": Role.ISO,
    "msec": Role.EPOCH,
    "remote_addr": Role.CLIENT,
    "remote_user": Role.USER,
    "request": Role.REQUEST,
    "request_method": Role.METHOD,
    "request_uri": Role.TARGET,
    "uri": Role.PATH,
    "document_uri": Role.PATH,
    "args": Role.QUERY,
    "query_string": Role.QUERY,
    "status": Role.STATUS,
    "body_bytes_sent": Role.ANSWER_SIZE,
    "bytes_sent": Role.ANSWER_SIZE,
    "request_length": Role.REQUEST_SIZE,
    "request_time": Role.ELAPSED_S,
    "http_user_agent": Role.AGENT,
    "http_x_forwarded_for": Role.FORWARDED,
    "proxy_add_x_forwarded_for": Role.FORWARDED,
    "proxy_protocol_addr": Role.FORWARDED,
}


def nginx_parts(form: str) -> tuple[Part, ...]:
    """Return the parts of a form, given as its text or as the whole directive. Raises FormError."""
    text = _text(form)
    parts: list[Part] = []
    at, seen = 0, set[Role]()
    for found in _VARIABLE.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        name = found[1] or found[2]
        role = _ROLES.get(name, Role.NONE)
        if role in seen:
            role = Role.NONE
        seen.add(role)
        parts.append(Slot(name, role, has_blanks=name.startswith("upstream_") or role is Role.FORWARDED))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    return tuple(parts)


def _text(form: str) -> str:
    """Return the text of `log_format name 'one' 'two';`, or the form as it is."""
    stripped = form.strip()
    if not stripped.startswith("log_format"):
        return form.strip("\r\n")
    head = re.match(r"log_format\s+[^\s'\"]{1,60}\s+(?:escape=([a-z]{1,10})\s+)?", stripped)
    if head is None:
        raise FormError("log_format is followed by a name and a text")
    strings = _STRINGS.findall(stripped[head.end() :])
    if not strings:
        raise FormError("the text of log_format stands in quotes")
    return "".join(one or other for one, other in strings)
