import pytest
from jinja2 import Environment

from apiward.core.verdict import Outcome
from apiward.scan.api import Check
from apiward.scan.checks.injection import command, file, header, kept_object, lookup, markup, nosql, template
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Json, RefusalError, SmallApi

CHECKS = [one.CHECK for one in (command, file, header, kept_object, lookup, markup, nosql, template)]


@pytest.mark.parametrize("check", CHECKS, ids=[one.code for one in CHECKS])
def test_where_no_odd_text_is_answered_nothing_is_said_to_hold(check: Check) -> None:
    api = SmallApi(has_accounts=False)

    def show(call: Call) -> Json:
        (sent,) = call.query.items() or [("state", "")]
        if len(sent[1]) > 30 or any(not sign.isalnum() and sign not in " -" for sign in "".join(sent)):
            raise RefusalError(429, "slow down")
        if sent != ("state", "open"):
            raise RefusalError(404, "no such state")
        return {"found": "open"}

    api.route("GET", "/states", show, query=["state"], secured=False)
    api.paths["/states"]["get"]["parameters"][0]["schema"]["example"] = "open"
    app, described = api.pair()
    assert scan_app(app, described, [check]).outcome(check.code, "GET /states") is Outcome.UNSURE


def test_what_showed_once_and_then_not_again_is_neither_a_pass_nor_a_finding() -> None:
    api = SmallApi(has_accounts=False)
    worked_out: list[str] = []

    def write(call: Call) -> Json:
        name = call.query.get("name", "")
        if "{{" not in name or worked_out:
            return {"text": name}
        worked_out.append(name)
        return {"text": Environment().from_string(name).render()}  # answers are JSON

    api.route("GET", "/cards", write, query=["name"], secured=False)
    app, described = api.pair()
    assert scan_app(app, described, [template.CHECK]).outcome("INJ03", "GET /cards") is Outcome.UNSURE
    assert worked_out


def test_where_nothing_can_be_tried_nothing_is_said_to_hold() -> None:
    api = SmallApi(has_accounts=False)
    api.route("GET", "/page", lambda _: {"text": "Hello"}, query=["lang"], secured=False)
    api.paths["/page"]["get"]["parameters"][0]["in"] = "header"
    app, described = api.pair()
    assert scan_app(app, described, [header.CHECK]).outcome("INJ07", "GET /page") is Outcome.NOT_RUN
