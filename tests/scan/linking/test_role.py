"""A role that an account gave itself: a story only where it opens what a normal account is refused."""

from apiward.core.link import Link
from apiward.core.scan_report import ScanReport
from apiward.scan.checks.properties import assignment_create, assignment_update
from apiward.scan.level import Level
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Json, Record, RefusalError, SmallApi

CHECKS = [assignment_create.CHECK, assignment_update.CHECK]


def _api(*, opens: str, at_sign_up: bool = False, is_open: bool = False) -> SmallApi:
    def takes(sent: Record) -> Record:
        return {"role": sent["role"]} if "role" in sent else {}

    api = SmallApi(about_users={"bio": "", "role": "customer"}, takes_at_sign_up=takes if at_sign_up else lambda _: {})

    def change(call: Call) -> Json:
        names = ("bio", "role")
        api.users[call.me].update({k: call.data[k] for k in names if k in call.data})
        return {"status": "ok"}

    def people(call: Call) -> Json:
        if api.users[call.me]["role"] != opens and not is_open:
            raise RefusalError(403, "only for our team")
        return {"people": list(api.users)}

    if not at_sign_up:
        api.route("PUT", "/me", change, body={"bio": "string"})
    api.route("GET", "/admin/people", people, summary="All people")
    return api


def _links(api: SmallApi, *, uses_roles: bool = True, level: Level = Level.FULL) -> tuple[Link, ...]:
    report = _scanned(api, uses_roles=uses_roles, level=level)
    assert report.findings
    return report.links


def _scanned(api: SmallApi, *, uses_roles: bool = True, level: Level = Level.FULL) -> ScanReport:
    app, description = api.pair()
    roles = {"role": {"type": "string", "enum": ["customer", "manager", "owner"]}}
    answer = {"application/json": {"schema": {"type": "object", "properties": roles}}}
    description["paths"]["/me"]["get"]["responses"]["200"]["content"] = answer
    return scan_app(app, description, CHECKS, uses_roles=uses_roles, level=level).report


def test_the_role_is_used_and_taken_back() -> None:
    api = _api(opens="admin")
    (link,) = _links(api)
    assert (link.story, link.leads_to) == ("role-then-staff", "GET /admin/people")
    assert link.evidence is not None
    assert (link.evidence.attack.status, link.evidence.control and link.evidence.control.status) == (200, 403)
    assert {user["role"] for user in api.users.values()} == {"customer"}


def test_a_role_that_the_description_names_is_tried_as_well() -> None:
    api = _api(opens="manager")
    assert [link.story for link in _links(api)] == ["role-then-staff"]
    assert {user["role"] for user in api.users.values()} == {"customer"}


def test_what_was_signed_up_with_rights_and_stays_is_told() -> None:
    report = _scanned(_api(opens="owner", at_sign_up=True))
    assert [link.story for link in report.links] == ["role-then-staff"]
    assert any("with the rights of staff" in line for line in report.left_behind)


def test_nothing_is_tried_without_consent_or_below_level_full() -> None:
    told = [one.name for one in _scanned(_api(opens="admin"), uses_roles=False).limits]
    assert told.count("role-not-used") == 1
    assert "role-not-used" not in [one.name for one in _scanned(_api(opens="admin")).limits]
    for uses_roles, level in ((False, Level.FULL), (True, Level.WRITE)):
        api = _api(opens="admin")
        assert _links(api, uses_roles=uses_roles, level=level) == ()
        assert not any(
            path == "/admin/people" and api.users.get(who or "", {}).get("role") == "admin"
            for _, path, who in api.calls
        )


def test_a_role_that_opens_nothing_or_what_is_open_anyway_is_no_story() -> None:
    assert _links(_api(opens="emperor")) == ()
    assert _links(_api(opens="admin", is_open=True)) == ()
