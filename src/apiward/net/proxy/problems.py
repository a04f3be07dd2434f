"""What a client is told when the proxy has no answer for it: RFC 9457 problem details.

The words stand here until they move into the catalogue.
"""

import json
from typing import Final

from apiward.net.proxy.messages import Fields

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "upstream-failed": ("The service did not answer", "The service behind this address gave no usable answer."),
    "upstream-unreachable": ("The service is down", "The service behind this address does not accept connections."),
    "upstream-unresolved": ("The service is down", "The service behind this address cannot be found."),
    "upstream-connect-timeout": ("The service is slow", "The service behind this address did not respond in time."),
    "upstream-timeout": ("The service is slow", "The service behind this address did not answer in time."),
    "upstream-hung-up": ("The service broke off", "The service behind this address broke off before its answer."),
    "upstream-bad-answer": (
        "The answer is broken",
        "The service behind this address gave an answer that is not valid.",
    ),
    "upstream-busy": ("The service is busy", "The service behind this address is busy. Please try again shortly."),
    "upstream-resting": ("The service is down", "The service has failed several times. Please try again shortly."),
    "no-route": ("Nothing here", "No service is set up for this host and path."),
    "bad-target": ("The address is not valid", "The path of this request cannot be sent on as it is."),
    "bad-framing": ("The request is ambiguous", "The length of this request's body is given in two ways."),
    "body-mismatch": ("The body is cut", "The request's body is not as long as it says."),
    "body-slow": ("The body is late", "The request's body did not come in time."),
    "bad-method": ("The method is not valid", "This method cannot be sent on."),
    "loop": ("A loop", "This request has already passed through here."),
}

KINDS: Final = frozenset(_WORDS)
"""All kinds of problem."""


def problem(status: int, kind: str, incident: str, *, retry_after_s: float | None = None) -> tuple[Fields, bytes]:
    """Return the fields and body of an `application/problem+json` answer; `kind` is a key of the table above."""
    title, detail = _WORDS[kind]
    # "about:blank" would ask for the title of the status (RFC 9457, section 4.2.1).
    kind_of_all = f"urn:apiward:proxy.{kind}"
    body = json.dumps({"type": kind_of_all, "title": title, "status": status, "detail": detail, "incident": incident})
    fields = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if retry_after_s is not None:
        fields.append((b"retry-after", str(max(1, round(retry_after_s))).encode()))
    return fields, body.encode()
