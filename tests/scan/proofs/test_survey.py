from typing import Any

from apiward.scan.checks.injection import command, header, lookup, markup, nosql, template, xml
from apiward.scan.level import Level
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Json, RefusalError, SmallApi

CHECKS = [one.CHECK for one in (command, template, nosql, markup, header, xml, lookup)]


def test_what_texts_have_changed_is_set_back_and_nobody_elses_is_touched() -> None:
    api = SmallApi()
    kept: dict[str, Any] = {"olivia": "Olivia's own words"}

    def change(call: Call) -> Json:
        kept[call.me] = call.data.get("motto")
        return {"motto": kept[call.me]}

    api.route("GET", "/motto", lambda call: {"motto": kept.get(call.me)})
    api.route("PUT", "/motto", change, body={"motto": "string"})
    app, described = api.pair()
    scan_app(app, described, CHECKS)
    assert kept.pop("olivia") == "Olivia's own words"
    assert kept
    assert not [text for text in kept.values() if not isinstance(text, str) or any(sign in text for sign in "<{|$\\")]


def test_an_operation_is_called_once_with_fitting_values_for_all_checks() -> None:
    api = SmallApi(has_accounts=False)
    asked: list[str | None] = []

    def show(call: Call) -> Json:
        asked.append(call.query.get("word"))
        return {"found": []}

    api.route("GET", "/words", show, query=["word"], secured=False)
    app, described = api.pair()
    before = scan_app(app, described, []).report.request_count
    asked.clear()
    report = scan_app(app, described, CHECKS).report
    odd = [text for text in asked if text and any(sign in text for sign in "<{|$\\'")]
    assert len([text for text in odd if "{{" in text]) == 1
    assert report.request_count - before <= 16


def test_an_example_is_taken_where_what_the_account_owns_does_not_fit() -> None:
    api = SmallApi()
    seen: list[Any] = []

    def check(call: Call) -> Json:
        seen.append(call.data.get("code"))
        if call.data.get("code") != "SPRING10":
            raise RefusalError(404, "not valid")
        return {"percent": 10}

    api.route("POST", "/coupons/check", check, body={"code": "string"}, secured=False)
    content = api.paths["/coupons/check"]["post"]["requestBody"]["content"]["application/json"]
    content["example"] = {"code": "SPRING10"}
    app, described = api.pair()
    scan_app(app, described, [command.CHECK])
    assert "SPRING10" in seen


def test_log_ins_and_sign_ups_get_no_odd_texts() -> None:
    api = SmallApi()
    app, described = api.pair()
    scanned = scan_app(app, described, CHECKS)
    assert not [name for name in api.users if any(sign in name for sign in "<{|$\\'")]
    assert scanned.said("INJ02", "POST /register").startswith("log-ins, sign-ups and passwords are left alone")


def test_at_level_read_only_safe_operations_are_called() -> None:
    api = SmallApi()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        api.route(method, "/books/{title}", lambda _: {"status": "ok"}, body={"author": "string"}, secured=False)
    app, described = api.pair()
    scan_app(app, described, CHECKS, level=Level.READ)
    assert not [call for call in api.calls if call[0] != "GET"]
