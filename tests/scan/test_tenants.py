"""Accounts of several tenants: colleagues may share what they have, people of another business may not."""

from dataclasses import replace
from functools import cache

import pytest

from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.objects.change import CHECK as CHANGE
from apiward.scan.checks.objects.delete import CHECK as DELETE
from apiward.scan.checks.objects.read import CHECK as READ
from apiward.scan.checks.properties.personal import CHECK as PERSONAL
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import Call, Json, Record, RefusalError, Said, SmallApi

CHECKS = (READ, CHANGE, DELETE, PERSONAL)
ACME, BETA = "acme", "beta"
ANN, ABE, BEN = (
    Account(name, name, f"pw-{name}-77", tenant=tenant)
    for name, tenant in (("annika", ACME), ("abelard", ACME), ("benedikt", BETA))
)
MATES, ALL = ("annika", "abelard"), ("annika", "abelard", "benedikt")
NOTE = {"title": "string", "text": "string"}
READS, CHANGES, DELETES = (f"{method} /notes/{{note_id}}" for method in ("GET", "PUT", "DELETE"))


def _api(*, looks_at: str) -> SmallApi:
    """Return an API of notes, where whoever is of the same `tenant` may have them, or only its `owner`, or `nobody`."""
    api = SmallApi(has_accounts=False)
    api.route("POST", "/login", api._log_in, body=dict.fromkeys(("username", "password"), "string"), secured=False)
    api.route("GET", "/me", lambda call: {"username": call.me, "email": api.users[call.me]["email"]})
    for account in (ANN, ABE, BEN):
        mail = f"{account.username}@{account.tenant}.test"
        api.new_user(account.username, mail, account.password, tenant=account.tenant)
    notes: dict[str, Record] = {}

    def may_have(name: str, note: Record) -> bool:
        of = {"tenant": api.users[name]["tenant"], "owner": name}
        return looks_at == "nobody" or note[looks_at] == of[looks_at]

    def found(call: Call) -> Record:
        note = notes.get(call.path["note_id"])
        if note is None or not may_have(call.me, note):
            raise RefusalError(404, "there is no such note")
        return note

    def make(call: Call) -> Json:
        number = str(len(notes) + 41)
        notes[number] = {"id": number, **call.data, "owner": call.me, "tenant": api.users[call.me]["tenant"]}
        return Said(notes[number], 201)

    def change(call: Call) -> Json:
        note = found(call)
        note.update(call.data)
        return note

    def team(call: Call) -> Json:
        mine = [user for user in api.users.values() if user.get("tenant") == api.users[call.me]["tenant"]]
        shown = api.users.values() if looks_at == "nobody" else mine
        return [{"name": user["username"], "email": user["email"]} for user in shown]

    api.route("GET", "/notes", lambda call: [note for note in notes.values() if note["owner"] == call.me])
    api.route("POST", "/notes", make, body=NOTE)
    api.route("GET", "/notes/{note_id}", found)
    api.route("PUT", "/notes/{note_id}", change, body=NOTE)
    api.route("DELETE", "/notes/{note_id}", lambda call: notes.pop(found(call)["id"]))
    api.route("GET", "/colleagues", team)
    return api


@cache
def _scanned(looks_at: str, *names: str, says_tenant: bool = True) -> Scanned:
    app, described = _api(looks_at=looks_at).pair()
    given = [account for name in names for account in (ANN, ABE, BEN) if account.name == name]
    given = given if says_tenant else [replace(account, tenant="") for account in given]
    return scan_app(app, described, CHECKS, accounts=given)


@pytest.mark.parametrize("names", ["annika abelard benedikt", "annika benedikt abelard", "abelard benedikt"])
def test_what_colleagues_share_is_no_finding(names: str) -> None:
    scanned = _scanned("tenant", *names.split())
    assert scanned.broken() == set()
    assert {scanned.outcome(*at) for at in (("OBJ01", READS), ("OBJ02", CHANGES), ("OBJ04", DELETES))} == {
        Outcome.HOLDS
    }


def test_what_crosses_from_tenant_to_tenant_is_said_to() -> None:
    scanned = _scanned("nobody", *ALL)
    found = {("OBJ01", READS), ("OBJ02", CHANGES), ("OBJ04", DELETES), ("PRO04", "GET /colleagues")}
    assert scanned.broken() == found
    for finding in scanned.report.findings:
        assert ("belong to different tenants" in finding.saw) is (finding.check != "PRO04"), finding


def test_without_a_stranger_nothing_is_claimed() -> None:
    scanned = _scanned("tenant", *MATES)
    assert scanned.broken() == set()
    assert scanned.outcome("OBJ01", READS) is Outcome.UNSURE
    assert "same tenant" in scanned.said("OBJ01", READS)
    assert {scanned.outcome("OBJ02", CHANGES), scanned.outcome("OBJ04", DELETES)} == {Outcome.NOT_RUN}
    assert [limit.name for limit in scanned.report.limits if "one-" in limit.name] == ["one-tenant"]
    assert "acme" in next(limit.what for limit in scanned.report.limits if limit.name == "one-tenant")


def test_whoever_keeps_colleagues_out_keeps_strangers_out() -> None:
    assert _scanned("owner", *MATES).outcome("OBJ01", READS) is Outcome.HOLDS


def test_accounts_that_name_no_tenant_are_strangers() -> None:
    (finding, *_) = _scanned("tenant", *MATES, says_tenant=False).report.findings
    assert "tenant" not in finding.saw


def test_the_second_account_that_is_looked_through_is_a_stranger() -> None:
    scene = _scanned("tenant", *ALL).scene
    assert [user.name for user in scene.users] == ["annika", "benedikt", "abelard"]
    assert scene.peer is scene.users[1]
    assert scene.mate is scene.users[2]
    assert [(one.name, one.tenant) for one in _scanned("tenant", *ALL).report.accounts] == [
        ("annika", ACME), ("abelard", ACME), ("benedikt", BETA)
    ]  # fmt: skip


@pytest.mark.parametrize("tenant", ["acme", ""])
def test_a_log_in_is_told_the_tenant_and_so_is_each_call_that_asks(tenant: str) -> None:
    api = SmallApi(has_accounts=False)
    api.new_user(ANN.username, "ann@acme.test", ANN.password)

    def enter(call: Call) -> Json:
        if call.data.get("companyCode") != "acme":
            raise RefusalError(401, "no such company")
        return api._log_in(call)

    def orders(call: Call) -> Json:
        assert call.me
        if call.query.get("workspace") != "acme":
            raise RefusalError(404, "no such workspace")
        return [{"id": 7}]

    fields = dict.fromkeys(("username", "password", "companyCode"), "string")
    api.route("POST", "/login", enter, body=fields, secured=False)
    api.route("GET", "/orders", orders, query=("workspace",))
    app, described = api.pair()
    described["paths"]["/orders"]["get"]["parameters"][0]["required"] = True
    account = Account(ANN.name, ANN.username, ANN.password, tenant=tenant)
    report = scan_app(app, described, [], accounts=[account]).report
    assert [one.is_logged_in for one in report.accounts] == [bool(tenant)]
    assert ("GET /orders" in report.operations_answered) is bool(tenant)
