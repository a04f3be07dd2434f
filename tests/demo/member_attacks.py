"""Attacks on the members' pages, which know people by a cookie."""

from collections.abc import Callable, Mapping
from typing import Final

from apiward.demo.people import CLIENT
from tests.demo.visitor import Reply, Shown, Visitor


def _log_in(visitor: Visitor, cookie: str = "") -> Reply:
    form = {"email": CLIENT.email, "password": CLIENT.password}
    got = visitor.call("POST", "/members/login", form=form, headers={"Cookie": cookie} if cookie else None)
    assert got.status == 200
    return got


def _cookie(got: Reply) -> str:
    return got.headers["set-cookie"].partition(";")[0]


def _is_in(visitor: Visitor, cookie: str) -> bool:
    return CLIENT.email in visitor.call("GET", "/members/home", headers={"Cookie": cookie}).text


def session_fixation(visitor: Visitor) -> Shown:
    preset = "members=" + "ab" * 24
    assert not _is_in(visitor, preset)
    got = _log_in(visitor, preset)
    assert _is_in(visitor, _cookie(got))
    return Shown(_is_in(visitor, preset), got.status)


def session_predictable(visitor: Visitor) -> Shown:
    ids = [_cookie(_log_in(visitor)).partition("=")[2] for _ in range(2)]
    before, _, counted = ids[1].rpartition("-")
    if not counted.isdigit():
        return Shown(is_weak=False, status=200)
    got = _log_in(visitor)
    return Shown(_is_in(visitor, f"members={before}-{int(counted) + 1:012d}"), got.status)


def members_forgery(visitor: Visitor) -> Shown:
    got = _log_in(visitor)
    cookie = {"Cookie": _cookie(got), "Origin": "https://elsewhere.example"}
    sent = visitor.call("POST", "/members/display-name", form={"display_name": "Mallory"}, headers=cookie)
    is_changed = "Mallory" in visitor.call("GET", "/members/home", headers={"Cookie": _cookie(got)}).text
    assert is_changed == ("samesite=none" in got.headers["set-cookie"].lower())
    left = visitor.call("POST", "/members/logout", headers={"Cookie": _cookie(got)})
    assert left.status == 200
    assert not _is_in(visitor, _cookie(got))
    return Shown(is_changed, sent.status)


ATTACKS: Final[Mapping[str, Callable[[Visitor], Shown]]] = {
    "session-fixation": session_fixation,
    "session-predictable": session_predictable,
    "members-forgery": members_forgery,
}
