"""Each check of the catalogue has a form of rule, and the code makes it; equal rules are joined."""

from pathlib import Path

import pytest

from apiward.app.patching.cases import Rule
from apiward.app.patching.making import FORMS
from apiward.catalogue.entries import PATCH_FORMS
from apiward.catalogue.loading import load_catalogue
from apiward.config.rules_file import add_rules, load_rules_file
from apiward.spec.reading import read_description
from tests.app.patching.made import described, exchange, finding, operation, planned

API = described(
    {"/notes/{id}": {"get": operation(path=("id",)), "put": operation(path=("id",))}, "/me": {"get": operation()}}
)
READ = finding("OBJ01", "GET /notes/{id}", exchange("GET", "/notes/3", {"id": 3}))
CHANGE = finding("OBJ02", "PUT /notes/{id}", exchange("PUT", "/notes/3"), place="path")
DRIFT = finding("INV03", "GET /me", exchange("GET", "/me"))
FORGED = finding("AUT04", "GET /me", exchange("GET", "/me"))


def test_every_form_of_the_catalogue_is_made_and_no_other() -> None:
    assert set(FORMS) == set(PATCH_FORMS)
    assert {entry.patch for entry in load_catalogue().checks.values()} == set(PATCH_FORMS)


@pytest.mark.parametrize("code", load_catalogue().checks)
def test_what_the_catalogue_says_of_a_check_is_what_is_made(code: str) -> None:
    entry = load_catalogue().checks[code]
    plan = planned(API, finding(code, "GET /me", exchange("GET", "/me")))
    if entry.patch == "none":
        assert plan.rules == ()
        assert list(plan.unheld.values()) == [entry.held_by.rstrip(".")]
    else:
        assert plan.rules or plan.unheld, "a rule, or the reason why this finding has none"


def test_rules_for_the_same_object_are_one() -> None:
    (rule,) = planned(API, READ, CHANGE).rules
    assert rule.findings == (READ.id, CHANGE.id)
    assert rule.values["operations"] == ["GET /notes/{id}", "PUT /notes/{id}"]
    assert (
        rule.values["reason"]
        == "One account reads what belongs to another; One account changes what belongs to another"
    )
    assert (rule.values["owner"], rule.values["expires"]) == ("Jo", "2027-03-01")
    assert rule.values["finding"] == f"{READ.id}, {CHANGE.id}"


def test_the_same_finding_makes_the_same_rule_each_time() -> None:
    assert planned(API, FORGED).rules == planned(API, FORGED).rules
    (rule,) = planned(API, FORGED).rules
    assert rule.id.startswith("credential-issued-")


def test_what_has_no_rule_is_told_with_its_reason() -> None:
    plan = planned(API, DRIFT, FORGED)
    assert list(plan.unheld) == [DRIFT.id]
    assert len(plan.rules) == 1


def test_all_rules_can_be_read_by_the_guard(tmp_path: Path) -> None:
    found = [finding(code, "GET /notes/{id}", exchange("GET", "/notes/3")) for code in load_catalogue().checks]
    rules: tuple[Rule, ...] = planned(API, *found, staff=("user:lina",)).rules
    for table in ("patch", "object"):
        add_rules(tmp_path, table, [rule.values for rule in rules if rule.table == table])
    kept = load_rules_file(tmp_path)
    assert len(kept.patch) + len(kept.object) == len(rules)


def test_what_graphql_carries_is_no_address_of_its_own() -> None:
    api = read_description(b"type Query { note(id: ID!): Note } type Note { id: ID }", source="s.graphql")
    case = finding("OBJ01", "POST /graphql query note", exchange("POST", "/graphql"))
    plan = planned(api, case)
    assert (plan.rules, list(plan.unheld)) == ((), [case.id])


@pytest.mark.parametrize("code", ["GQL01", "GQL03", "GQL04", "GQL05"])
def test_limits_of_graphql_are_kept_by_the_stage_that_knows_them(code: str) -> None:
    (rule,) = planned(API, finding(code, "POST /graphql", exchange("POST", "/graphql"))).rules
    assert (rule.values["kind"], rule.values["operation"], rule.values["stages"]) == (
        "stages-on",
        "* /graphql",
        ["shape"],
    )


def test_changes_by_get_are_switched_off_at_their_address() -> None:
    (rule,) = planned(API, finding("GQL06", "POST /graphql", exchange("GET", "/graphql?query=mutation"))).rules
    assert (rule.values["kind"], rule.values["operation"]) == ("method-off", "GET /graphql")
