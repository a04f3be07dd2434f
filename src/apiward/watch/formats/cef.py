"""Events in the Common Event Format (version 0): one line each, whatever stands in them."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from apiward.core.decision import Effect
from apiward.core.event import Event

_SEVERITY: Final = {"passed": 1, "gone": 1, "failed": 3, "refused": 5}
_LEAST_WATCHED: Final = 3
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def cef(event: Event, *, version: str) -> str:
    """Return `event` as one line; `version` is that of apiward."""
    ruled = [ruling.decision for ruling in event.rulings if ruling.decision.effect is not Effect.NOTE]
    signature = ruled[0].rule if ruled else event.kind
    name = event.said or event.operation or f"{event.method} request"
    severity = _SEVERITY.get(event.outcome, 1)
    if ruled and severity < _LEAST_WATCHED:
        severity = _LEAST_WATCHED
    return cef_line("guard", version, signature, name, severity, _fields(event))


def cef_line(
    product: str, version: str, signature: str, name: str, severity: int, fields: Iterable[tuple[str, str]]
) -> str:
    """Return one line; a field without a value is left out."""
    head = "|".join(_header(text) for text in ("apiward", product, version, signature, name, str(severity)))
    return f"CEF:0|{head}|" + " ".join(f"{key}={_value(text)}" for key, text in fields if text)


def _fields(event: Event) -> list[tuple[str, str]]:
    return [
        ("rt", str(round(event.at_s * 1000))),
        ("externalId", event.id),
        *cef_source(event.client),
        ("suser", event.principal),
        ("requestMethod", event.method),
        ("request", event.path),
        ("act", event.outcome),
        ("in", str(event.request_size)),
        ("out", str(event.answer_size)),
        ("cn1Label", "status"),
        ("cn1", str(event.status)),
        ("cs1Label", "rules"),
        ("cs1", ",".join(ruling.decision.rule for ruling in event.rulings) or "none"),
        ("cs2Label", "operation"),
        ("cs2", event.operation or "none"),
        *_marks(event),
        ("msg", event.said),
    ]


def _marks(event: Event) -> list[tuple[str, str]]:
    if not event.marks:
        return []
    return [("cs3Label", "marks"), ("cs3", " ".join(f"{name}:{value}" for name, value in event.marks))]


def cef_source(client: str) -> list[tuple[str, str]]:
    """Return where something comes from: an address, or a name."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return [("shost", client)]
    if address.version == 4:
        return [("src", str(address))]
    return [("c6a2Label", "Source IPv6 Address"), ("c6a2", str(address))]


def _header(text: str) -> str:
    # A line break cannot be escaped in the header, only in a value.
    return _CONTROL.sub(" ", text).replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("=", "\\=").replace("\r", "\\r").replace("\n", "\\n")
    return _CONTROL.sub(" ", text)
