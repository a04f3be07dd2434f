"""Accounts that were given end as they began, whatever was tried on them, and however the scan ends."""

import asyncio
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.core.account import Account, Credential
from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange, Failure, Request
from apiward.core.ports import Sender
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Verdict
from apiward.net.asgi import asgi_sender
from apiward.scan.api import Check, Saying
from apiward.scan.calling.traffic import Budget
from apiward.scan.checks.configuration.error_details import CHECK as ERROR_DETAILS
from apiward.scan.checks.injection.sql import CHECK as SQL
from apiward.scan.checks.objects.change import CHECK as CHANGE
from apiward.scan.checks.properties.assignment_update import CHECK as ASSIGNMENT
from apiward.scan.checks.resources.input_slowness import CHECK as SLOWNESS
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level, Phase
from apiward.scan.scene import Scene
from apiward.spec.reading import read_description
from tests.scan.harness import scan_app
from tests.scan.senders import Waits
from tests.scan.small_api import Call, Json, RefusalError, Said, SmallApi

GIVEN = tuple(Account(name.title(), name, f"pw-{name}-77") for name in ("ann", "bob"))
CHECKS = [SQL, SLOWNESS, ERROR_DETAILS, CHANGE, ASSIGNMENT]
FIELDS = {"email": "string", "city": "string", "bio": "string"}


def _api(method: str, path: str, *, shows: Callable[[Json], Json] = dict, refuses_mail: bool = False) -> SmallApi:
    api = SmallApi(about_users={"city": "Ulm", "bio": "hello", "visits": 3, "updated_at": "2026-01-01T10:00:00Z"})
    for account in GIVEN:
        api.new_user(account.username, f"{account.username}@shop.test", account.password)
    changes = []

    def own(call: Call) -> Json:
        user = api.users[call.me]
        if call.path.get("user_id", str(user["id"])) != str(user["id"]):
            raise RefusalError(403, "not yours")
        return user

    def change(call: Call) -> Json:
        user = own(call)
        changes.append(call.data)
        if refuses_mail and "email" in call.data and user["email"] != f"{call.me}@shop.test":
            raise RefusalError(409, "the address can be changed once only")
        if method == "PUT":
            user.update(dict.fromkeys(FIELDS))
        user.update({k: v for k, v in call.data.items() if k in FIELDS})
        user["updated_at"] = f"2026-01-02T10:00:{len(changes) % 60:02d}Z"
        return {"status": "ok"}

    api.route("GET", path, lambda call: shows({k: v for k, v in own(call).items() if k != "password"}))
    api.route(method, path, change, body=FIELDS)
    return api


def _kept(api: SmallApi) -> Json:
    return deepcopy([{k: v for k, v in api.users[a.username].items() if k != "updated_at"} for a in GIVEN])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST"])
@pytest.mark.parametrize("path", ["/users/{user_id}", "/me/details"])
def test_a_given_account_ends_as_it_began(method: str, path: str) -> None:
    api = _api(method, path)
    before = _kept(api)
    app, described = api.pair()
    report = scan_app(app, described, CHECKS, accounts=GIVEN).report
    assert [call for call in api.calls if call[0] == method and "login" not in call[1]], "nothing was tried"
    assert _kept(api) == before
    assert not any("not as before" in line for line in report.left_behind)


def test_an_account_given_as_a_credential_ends_as_it_began() -> None:
    api = _api("PATCH", "/users/{user_id}")
    before = _kept(api)
    given = []
    for account in GIVEN:
        api.tokens[f"tok-{account.username}-0123456789"] = account.username
        shown = Credential(Place.HEADER, "Authorization", f"tok-{account.username}-0123456789", "Bearer ")
        given.append(Account(account.name, credential=shown))
    app, described = api.pair()
    scan_app(app, described, CHECKS, accounts=given)
    assert [call for call in api.calls if call[0] == "PATCH"], "nothing was tried"
    assert _kept(api) == before


@pytest.mark.parametrize("nest", ["", "user"])
def test_records_may_stand_inside_of_something(nest: str) -> None:
    api = _api("PATCH", "/users/{user_id}", shows=lambda user: {nest: user} if nest else user)
    before = _kept(api)
    app, described = api.pair()
    scan_app(app, described, CHECKS, accounts=GIVEN)
    assert _kept(api) == before


def test_what_could_not_be_set_back_is_named() -> None:
    api = _api("PATCH", "/users/{user_id}", refuses_mail=True)

    def spoil(call: Call) -> Json:
        api.users[call.me]["visits"] += 1
        return Said(None, 204)

    api.route("POST", "/visits", spoil, body={"bio": "string"})
    app, described = api.pair()
    report = scan_app(app, described, CHECKS, accounts=GIVEN).report
    (line,) = [line for line in report.left_behind if "of the account Ann: not as before" in line]
    assert "email" in line
    assert "visits" in line
    assert not any(name in line for name in ("bio", "city", "updated"))


@pytest.mark.parametrize("writes", ["account", "notes"])
def test_an_account_that_shows_nothing_of_itself_is_named_where_it_may_have_been_changed(writes: str) -> None:
    api = SmallApi(shows_me=False)
    for account in GIVEN:
        api.new_user(account.username, f"{account.username}@shop.test", account.password)
    api.route("PATCH" if writes == "account" else "POST", f"/{writes}", lambda call: {"of": call.me}, body=FIELDS)
    app, described = api.pair()
    report = scan_app(app, described, CHECKS, accounts=GIVEN).report
    found = [line for line in report.left_behind if "could not be seen" in line]
    assert bool(found) is (writes == "account")


def test_at_level_read_nothing_is_sent_back() -> None:
    api = _api("PATCH", "/users/{user_id}")
    app, described = api.pair()
    scan_app(app, described, CHECKS, accounts=GIVEN, level=Level.READ)
    assert not [call for call in api.calls if call[0] == "PATCH"]


@dataclass
class _Line:
    """A sender that goes silent once it is cut."""

    inner: Sender
    is_cut: bool = False

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Hand the request on, or let nobody answer."""
        if self.is_cut:
            return Exchange(request, failure=Failure.UNREACHABLE, failure_detail="gone")
        return await self.inner.send(request, timeout_s=timeout_s)


def _spoils(api: SmallApi, then: Callable[[], None]) -> Check:
    """Return a check that changes the owner's record as a probe does, and then lets something happen."""

    async def run(scene: Scene, operation: Operation) -> Verdict:
        await scene.call(operation, scene.arguments(operation, scene.owner), scene.owner)
        assert api.users["ann"]["city"] != "Ulm"
        then()
        await scene.call(operation, scene.arguments(operation, scene.owner), scene.owner)
        return Saying("OBJ01", operation.key).holds("It holds.")

    return Check("OBJ01", lambda _, op: op.method == "PATCH", run, level=Level.WRITE, phase=Phase.CHANGES)


def _ended(api: SmallApi, how: str) -> ScanReport:
    app, described = api.pair()
    budget = Budget(requests=1_000)
    scans: list[Scan] = []

    async def main() -> ScanReport:
        async with asgi_sender(app, clock=lambda: 0.0) as sender:
            line = _Line(sender)

            def then() -> None:
                if how == "stopped":
                    scans[0].stop()
                elif how == "budget":
                    scans[0].scene.caller.traffic.sent_count = budget.requests
                line.is_cut = how == "silent"

            scans.append(
                Scan(
                    read_description(json.dumps(described).encode(), source="x"),
                    "http://api.test",
                    [_spoils(api, then)],
                    ScanSettings(level=Level.FULL, accounts=GIVEN, budget=budget),
                    sender=line,
                    catalogue=load_catalogue(),
                    clock=lambda: 0.0,
                    wait=Waits(),
                )
            )
            return await scans[0].run()

    return asyncio.run(main())


@pytest.mark.parametrize("how", ["stopped", "budget"])
def test_an_interrupted_scan_sets_accounts_back(how: str) -> None:
    api = _api("PATCH", "/users/{user_id}")
    before = _kept(api)
    report = _ended(api, how)
    assert report.was_interrupted or report.was_cut_short
    assert _kept(api) == before
    assert not any("as before" in line for line in report.left_behind)


def test_a_target_that_went_silent_leaves_a_word_about_the_account() -> None:
    report = _ended(_api("PATCH", "/users/{user_id}"), "silent")
    assert "the account Ann: whether it is as before could not be seen any more" in report.left_behind
