"""What a finding gives is used on our own accounts: only where that opens something is there a link."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.core.account import Account
from apiward.core.link import Link
from apiward.scan.checks.authentication import jwt_none, jwt_unverified, jwt_weak_key
from apiward.scan.linking.trying import claims_of_other
from apiward.scan.proofs.trials.tokens import Jwt
from tests.scan.checks.authentication.business import GOOD_KEY, Business
from tests.scan.harness import operation, scan_app
from tests.scan.linking.saying import shows
from tests.scan.small_api import Call, Json, SmallApi

FORGED = {"AUT02": jwt_none.CHECK, "AUT03": jwt_unverified.CHECK, "AUT04": jwt_weak_key.CHECK}


def _links(business: Business, code: str) -> tuple[Link, ...]:
    return scan_app(business.app(), business.description(), [FORGED[code]]).report.links


@pytest.mark.parametrize(
    ("code", "business"),
    [
        ("AUT02", Business(weak="none")),
        ("AUT03", Business(weak="unverified")),
        ("AUT04", Business(key=b"secret")),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_forged_log_in_of_another_account_is_shown(code: str, business: Business) -> None:
    (link,) = _links(business, code)
    assert (link.story, link.then, link.leads_to) == ("forged-then-account", "", "GET /me")
    assert link.evidence is not None
    assert link.evidence.attack.status == 200
    assert link.evidence.control is not None
    assert link.evidence.control.status == 401


class ByNumber(Business):
    """Knows who calls by the number of the token, which it has kept, and not by the name in it."""

    def issued(self, name: str) -> str:
        text = super().issued(name)
        self.opaque[str(self.count)] = {"sub": name}
        return text

    def claims(self, text: str) -> dict[str, Json] | None:
        said = super().claims(text)
        return said and {**said, **self.opaque.get(str(said.get("jti")), {})}


def test_a_forged_log_in_that_opens_our_own_account_only_is_no_story() -> None:
    business = ByNumber(key=b"secret")
    report = scan_app(business.app(), business.description(), [FORGED["AUT04"]]).report
    assert [finding.check for finding in report.findings] == ["AUT04"]
    assert report.links == ()


def test_claims_that_name_somebody_are_taken_and_times_and_numbers_of_tokens_are_not() -> None:
    own = Jwt("", {}, {"sub": "a", "exp": 1_800_000_000, "jti": "1", "iss": "x", "uid": 7}, b"", b"")
    theirs = Jwt("", {}, {"sub": "b", "exp": 1_800_000_099, "jti": "2", "iss": "x", "uid": 8, "more": 1}, b"", b"")
    assert claims_of_other(own, theirs) == {**own.claims, "sub": "b", "uid": 8}
    assert claims_of_other(own, Jwt("", {}, {**own.claims, "exp": 1_800_000_123}, b"", b"")) is None


def _showing_people(shown: Callable[[dict[str, Json]], Json]) -> tuple[Link, ...]:
    api = SmallApi()

    def debug(_: Call) -> Json:
        return [shown(user) for user in api.users.values()]

    api.route("GET", "/people", debug, secured=False)
    app, description = api.pair()
    return scan_app(app, description, [shows("PRO03", "GET /people")]).report.links


def test_a_password_that_is_shown_and_opens_its_account_is_a_story() -> None:
    (link,) = _showing_people(lambda user: {"name": user["username"], "password": user["password"]})
    assert (link.story, link.leads_to) == ("password-then-account", "POST /login")
    assert link.evidence is not None
    assert (link.evidence.attack.status, link.evidence.control and link.evidence.control.status) == (200, 401)
    assert "olivias-own-9" not in repr(link)


@pytest.mark.parametrize(
    "shown",
    [
        lambda user: {"name": user["username"], "password": f"$2b$12${user['username']}"},
        lambda user: {"name": user["username"], "password": "olivias-own-9"},
        lambda user: {"name": user["username"], "password": user["password"][::-1]},
    ],
    ids=["hashes", "somebody's whom we do not know", "what does not open it"],
)
def test_what_opens_no_account_of_ours_is_no_story(shown: Callable[[dict[str, Json]], Json]) -> None:
    assert _showing_people(shown) == ()


def _showing_words(shown: Callable[[str], Json]) -> tuple[Link, ...]:
    """Scan with given accounts whose password is a word; return what joins a finding that shows `shown` of it."""
    api = SmallApi()
    for name in ("anna", "bert"):
        api.new_user(name, f"{name}@home.test", "manager")
    api.route("GET", "/people", lambda _: shown("manager"), secured=False)
    app, description = api.pair()
    accounts = [Account(name, name, "manager") for name in ("anna", "bert")]
    return scan_app(app, description, [shows("PRO04", "GET /people")], accounts=accounts).report.links


def test_a_password_that_is_a_word_is_one_only_under_the_name_of_one() -> None:
    assert [link.story for link in _showing_words(lambda word: [{"password": word}])] == ["password-then-account"]
    assert _showing_words(lambda word: [{"role": word, "text": f"our {word}"}]) == ()


def _showing_settings(text: str, **shape: bytes | bool) -> tuple[Link, ...]:
    business = Business(**shape)  # type: ignore[arg-type] # a wrong shape fails at once
    app, description = business.app(), business.description()
    description["paths"]["/settings"] = {"get": operation()}

    async def settings(_: Request) -> Response:
        return JSONResponse({"DEBUG": True, "JWT_SECRET": text})

    app = Starlette(routes=[Route("/settings", settings), *app.routes])
    return scan_app(app, description, [shows("INV01", "GET /settings")]).report.links


def test_a_key_that_is_shown_and_signs_what_is_accepted_is_a_story() -> None:
    (link,) = _showing_settings(GOOD_KEY.decode())
    assert (link.story, link.leads_to) == ("key-then-account", "GET /me")
    assert GOOD_KEY.decode() not in repr(link)


def test_another_key_and_a_key_that_does_not_suffice_are_no_stories() -> None:
    assert _showing_settings(GOOD_KEY.decode()[::-1]) == ()
    assert _showing_settings(GOOD_KEY.decode(), keeps=True) == ()
    assert _showing_settings("secret", key=b"secret") == ()  # a word that stands anywhere by chance
