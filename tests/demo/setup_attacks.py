"""Looks at how the server is set up, and at what should not be there."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import OWNER
from tests.demo.visitor import Shown, Visitor


def disclosure(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/coach")
    return Shown({"server", "x-powered-by"} <= set(got.headers), got.status)


def error_details(visitor: Visitor) -> Shown:
    got = visitor.call("POST", "/api/v2/quotes", {"sessions": 0, "budget_cents": 100})
    return Shown("Traceback" in got.text and ".py" in got.text, got.status)


def security_headers(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/coach")
    return Shown("x-content-type-options" not in got.headers, got.status)


def _trusts(visitor: Visitor, origin: str) -> Shown:
    got = visitor.call("GET", "/api/v2/coach", headers={"Origin": origin})
    is_allowed = got.headers.get("access-control-allow-origin") == origin
    assert is_allowed == ("access-control-allow-credentials" in got.headers)
    return Shown(is_allowed, got.status)


def cors_reflects(visitor: Visitor) -> Shown:
    assert _trusts(visitor, "http://testserver").is_weak  # its own pages may
    return _trusts(visitor, "https://evil.example")


def cors_lookalike(visitor: Visitor) -> Shown:
    return _trusts(visitor, "http://testserver.evil.example")


def trace(visitor: Visitor) -> Shown:
    got = visitor.call("TRACE", "/api/v2/coach", headers={"X-Canary": "c4n4ry"})
    return Shown("c4n4ry" in got.text, got.status)


def hidden_export(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/clients/_export")
    return Shown(OWNER.email in got.text, got.status)


def hidden_debug(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/debug")
    return Shown("database" in got.text, got.status)


def old_version(visitor: Visitor) -> Shown:
    one, many = visitor.call("GET", "/api/v1/notes/1"), visitor.call("GET", "/api/v1/notes")
    is_weak = "Private thoughts" in one.text
    assert is_weak == ("Private thoughts" in many.text)
    return Shown(is_weak, one.status)


def outdated_program(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/coach")
    return Shown("PHP/5" in got.headers.get("x-powered-by", ""), got.status)


def secret_key(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/shop/checkout.js")
    return Shown("sk_" in got.text, got.status)


def answer_drift(visitor: Visitor) -> Shown:
    got = visitor.call("GET", "/api/v2/coach")
    return Shown(got.json["years"] != 12, got.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "technology-disclosure": disclosure,
    "error-details": error_details,
    "security-headers-missing": security_headers,
    "cors-reflects": cors_reflects,
    "cors-lookalike": cors_lookalike,
    "trace-echo": trace,
    "hidden-export": hidden_export,
    "hidden-debug": hidden_debug,
    "old-version": old_version,
    "outdated-program": outdated_program,
    "secret-key-in-program": secret_key,
    "answer-drift": answer_drift,
}
