import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.injection.nosql import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi

BOOKS = (("dune", "herbert"), ("emma", "austen"), ("persuasion", "austen"), ("ulysses", "joyce"))
MONGO = frozenset({"$eq", "$ne", "$gt", "$lt", "$regex", "$in"})
OFFERED = frozenset({"$ne", "$gt", "$lt", "$in"})


class UnknownOperatorError(Exception):
    """An operator that the database does not know."""


def matches(kept: str, wanted: Json, known: frozenset[str] = MONGO) -> bool:
    """Return whether a kept text meets what is wanted: a text, or conditions."""
    if not isinstance(wanted, dict):
        return bool(kept == wanted)
    return all(_meets(kept, operator, value, known) for operator, value in wanted.items())


def _meets(kept: str, operator: str, value: Json, known: frozenset[str]) -> bool:
    if operator not in known:
        raise UnknownOperatorError(operator)
    if operator == "$regex":
        return bool(re.search(str(value), kept))
    if operator == "$in":
        return bool(kept in value)
    text = str(value)
    return {"$eq": kept == text, "$ne": kept != text, "$gt": kept > text, "$lt": kept < text}[operator]


def _of_query(call: Call, name: str) -> Json:
    """Return a parameter as servers read it that understand brackets."""
    found = {key[len(name) + 1 : -1]: value for key, value in call.query.items() if key.startswith(f"{name}[")}
    return found or call.query.get(name)


def _asking(wanted: Json, known: frozenset[str] = MONGO) -> list[Json]:
    try:
        return [{"title": title} for title, author in BOOKS if wanted is None or matches(author, wanted, known)]
    except UnknownOperatorError:
        raise RefusalError(400, "unknown operator") from None


def by_query(*, how: str) -> Pair:
    """Return an API that filters by a parameter."""
    api = SmallApi()

    def read(call: Call) -> Json:
        if how == "no brackets":
            return {"books": _asking(call.query.get("author"))}
        wanted = _of_query(call, "author")
        if how == "sound" and isinstance(wanted, dict):
            raise RefusalError(422, "must be a text")
        if how == "as text":
            wanted = None if wanted is None else str(wanted)
        if how == "objects ignored" and isinstance(wanted, dict):
            wanted = None
        return {"books": _asking(wanted, OFFERED if how == "offered" else MONGO)}

    api.route("GET", "/authors", lambda _: [{"author": author} for _, author in BOOKS], secured=False)
    api.route("GET", "/books", read, query=["author"], secured=False)
    return api.pair()


def by_body(*, weak: bool) -> Pair:
    """Return an API that looks a coupon up in a nested body, by POST; failures have status 200."""
    api = SmallApi(fails_with_200=True)

    def check(call: Call) -> Json:
        wanted = call.data.get("coupon", {}).get("code")
        if not weak and not isinstance(wanted, str):
            raise RefusalError(422, "must be a text")
        try:
            found = [code for code in ("SPRING10", "FRIENDS") if matches(code, wanted)]
        except UnknownOperatorError:
            found = []
        if not found:
            raise RefusalError(404, "not valid")
        return {"percent": 10}

    api.route("POST", "/coupons/check", check, body={"coupon": "object"})
    schema: Any = {"type": "object", "required": ["code"]}
    schema["properties"] = {"code": {"type": "string", "enum": ["SPRING10"]}}
    described = api.paths["/coupons/check"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    described["properties"]["coupon"] = schema
    return api.pair()


def by_log_in(*, weak: bool, place: str = "password") -> Pair:
    """Return an API whose log-in looks name and password up at once."""
    api = SmallApi(has_accounts=True)
    users = api.users

    def enter(call: Call) -> Json:
        name, password = call.data.get("username"), call.data.get("password")
        if not weak and not (isinstance(name, str) and isinstance(password, str)):
            raise RefusalError(422, "must be texts")
        open_ = {"password": password, "username": name}
        fixed = "username" if place == "password" else "password"
        open_[fixed] = str(open_[fixed])
        try:
            found = [
                user
                for user in users.values()
                if matches(user["username"], open_["username"]) and matches(user["password"], open_["password"])
            ]
        except UnknownOperatorError:
            raise RefusalError(500, "unknown operator") from None
        if not found:
            raise RefusalError(401, "wrong name or password")
        token = f"tok-{len(api.tokens)}-{found[0]['username']}-abcdef0123"
        api.tokens[token] = found[0]["username"]
        return {"token": token}

    api.route("POST", "/login", enter, body={"username": "string", "password": "string"}, secured=False)
    api._routes.reverse()  # before the usual log-in
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("brackets in the address", partial(by_query, how="weak")),
    ("nested JSON, failures have status 200", partial(by_body, weak=True)),
    ("the password of a log-in", partial(by_log_in, weak=True)),
    ("the name of a log-in", partial(by_log_in, weak=True, place="username")),
)
SILENT: tuple[Case, ...] = (
    ("brackets mean nothing", partial(by_query, how="no brackets")),
    ("objects are refused", partial(by_query, how="sound")),
    ("objects are made text", partial(by_query, how="as text")),
    ("objects are ignored", partial(by_query, how="objects ignored")),
    ("nested JSON", partial(by_body, weak=False)),
    ("a log-in", partial(by_log_in, weak=False)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_conditions_that_an_api_may_offer_on_purpose_are_not_called_proved() -> None:
    app, described = by_query(how="offered")
    assert [one.confidence for one in scan_app(app, described, [CHECK]).report.findings] == [Confidence.LIKELY]


def test_a_log_in_that_no_account_of_ours_uses_is_not_said_to_hold() -> None:
    api = SmallApi(has_accounts=False)
    body = {"username": "string", "password": "string"}
    api.route("POST", "/login", lambda _: RefusalError(401, "no"), body=body, secured=False)
    app, described = api.pair()
    assert scan_app(app, described, [CHECK]).outcome("INJ05", "POST /login") is Outcome.NOT_RUN
