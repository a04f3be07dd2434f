"""Attacks on what only the team may do, by ways around the door."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import CLIENT, OTHER_CLIENT
from tests.demo.visitor import Reply, Shown, Visitor

TEAM: Final = "/api/v2/admin/bookings"


def _is_everybodys(visitor: Visitor, got: Reply) -> Shown:
    """The client's own bookings and those of another stand in the answer, which the plain path refuses."""
    assert visitor.call("GET", TEAM, token=visitor.log_in()).status == 403
    booked = {
        booking["booking_id"]
        for person in (CLIENT, OTHER_CLIENT)
        for booking in visitor.call("GET", "/api/v2/bookings", token=visitor.log_in(person)).json["bookings"]
    }
    return Shown(bool(booked) and all(booking_id in got.text for booking_id in booked), got.status)


def method_override(visitor: Visitor) -> Shown:
    headers = {"X-HTTP-Method-Override": "GET"}
    return _is_everybodys(visitor, visitor.call("POST", TEAM, token=visitor.log_in(), headers=headers))


def path_spelling(visitor: Visitor) -> Shown:
    return _is_everybodys(visitor, visitor.call("GET", "/api/v2//admin/bookings", token=visitor.log_in()))


def path_header(visitor: Visitor) -> Shown:
    headers = {"X-Original-URL": TEAM}
    return _is_everybodys(visitor, visitor.call("GET", "/api/v2/coach", token=visitor.log_in(), headers=headers))


def trusted_address(visitor: Visitor) -> Shown:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    return _is_everybodys(visitor, visitor.call("GET", TEAM, token=visitor.log_in(), headers=headers))


def unlisted_method(visitor: Visitor) -> Shown:
    mine, other = visitor.both()
    path = f"/api/v2/admin/clients/{visitor.me(mine)['id']}/role"
    assert visitor.call("PUT", path, {"role": "assistant"}, token=other).status == 403
    got = visitor.call("PATCH", path, {"role": "assistant"}, token=other)
    assert visitor.call("PATCH", path, {"role": "king"}, token=other).status in {405, 422}
    return Shown(visitor.me(mine)["role"] == "assistant", got.status)


def old_version(visitor: Visitor) -> Shown:
    return _is_everybodys(visitor, visitor.call("GET", "/api/v1/admin/bookings", token=visitor.log_in()))


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "function-method-override": method_override,
    "function-path-spelling": path_spelling,
    "function-path-header": path_header,
    "function-trusted-address": trusted_address,
    "function-unlisted-method": unlisted_method,
    "function-old-version": old_version,
}
