import json
from typing import Any

import pytest
from hypothesis import given

from apiward.core.decision import Effect
from apiward.core.event import Event
from apiward.watch.formats.ocsf import VERSION, ocsf
from tests.watch.formats.made import EVENTS, NOW_S, PLAIN, ruling
from tests.watch.formats.ocsf_rules import TABLES, problems


def shown(event: Event = PLAIN, sequence: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = ocsf(event, version="1.2", sequence=sequence)
    return found


def test_the_version_is_the_one_that_is_checked_against() -> None:
    assert TABLES["version"] == VERSION


@given(EVENTS)
def test_every_event_is_what_the_schema_asks_for(event: Event) -> None:
    found = shown(event)
    assert problems(found) == []
    assert problems(json.loads(json.dumps(found))) == []


@pytest.mark.parametrize(
    ("event", "class_uid"),
    [
        (PLAIN, 6003),
        (PLAIN._replace(operation=""), 4002),
        (PLAIN._replace(status=401), 3002),
        (PLAIN._replace(status=403), 6003),
        (PLAIN._replace(rulings=(ruling("permit.role"),), outcome="refused", status=403), 6003),
        (PLAIN._replace(rulings=(ruling("conduct.log-in", Effect.NOTE),)), 3002),
        (PLAIN._replace(rulings=(ruling("authenticate.token-expired"),), status=401, outcome="refused"), 3002),
        (PLAIN._replace(kind="configuration"), 0),
    ],
)
def test_each_event_has_its_class(event: Event, class_uid: int) -> None:
    found = shown(event)
    assert (found["class_uid"], found["category_uid"]) == (class_uid, class_uid // 1000)
    assert found["type_uid"] == class_uid * 100 + found["activity_id"]


def test_an_api_activity_says_who_did_what() -> None:
    found = shown(PLAIN, sequence=7)
    assert (found["time"], found["activity_id"], found["status_id"], found["severity_id"]) == (NOW_S * 1000, 2, 1, 1)
    assert found["api"]["operation"] == "GET /orders/{id}"
    assert found["actor"] == {"user": {"uid": "user:42"}}
    assert found["src_endpoint"] == {"ip": "192.0.2.1"}
    assert found["http_request"]["url"] == {"path": "/orders/7"}
    assert found["metadata"]["uid"] == "e1"
    assert found["metadata"]["sequence"] == 7
    assert found["metadata"]["product"]["version"] == "1.2"
    assert found["duration"] == 20


@pytest.mark.parametrize(("method", "activity"), [("POST", 1), ("GET", 2), ("PATCH", 3), ("DELETE", 4), ("PURGE", 99)])
def test_the_activity_is_told_by_the_method(method: str, activity: int) -> None:
    assert shown(PLAIN._replace(method=method))["activity_id"] == activity


@pytest.mark.parametrize(
    ("rule", "effect", "status", "status_id"),
    [
        ("conduct.log-in", Effect.NOTE, 200, 1),
        ("conduct.failed-log-in", Effect.NOTE, 200, 2),
        ("conduct.wave", Effect.DELAY, 200, 1),
        ("authenticate.token-expired", Effect.DENY, 401, 2),
    ],
)
def test_a_log_in_says_how_it_ended(rule: str, effect: Effect, status: int, status_id: int) -> None:
    found = shown(PLAIN._replace(rulings=(ruling(rule, effect),), status=status))
    assert (found["class_uid"], found["activity_id"], found["status_id"]) == (3002, 1, status_id)


@pytest.mark.parametrize(("principal", "user"), [("anonymous:", "anonymous"), ("", "anonymous"), ("guard", "guard")])
def test_who_is_nobody_has_a_name_all_the_same(principal: str, user: str) -> None:
    assert shown(PLAIN._replace(principal=principal))["actor"]["user"] == {"name": user}


@pytest.mark.parametrize(("client", "endpoint"), [("2001:DB8::1", {"ip": "2001:db8::1"}), ("", {"name": "unknown"})])
def test_where_from_is_an_address_or_a_name(client: str, endpoint: dict[str, str]) -> None:
    assert shown(PLAIN._replace(client=client))["src_endpoint"] == endpoint


@pytest.mark.parametrize(
    ("event", "severity"),
    [
        (PLAIN._replace(rulings=(ruling("inspect.sql"),)), 3),
        (PLAIN._replace(rulings=(ruling("flood.too-many"),)), 2),
        (PLAIN._replace(rulings=(ruling("conduct.walk", Effect.NOTE),)), 1),
        (PLAIN._replace(outcome="failed"), 2),
    ],
)
def test_severity_rises_with_what_was_refused(event: Event, severity: int) -> None:
    assert shown(event)["severity_id"] == severity


def test_what_has_no_place_is_unmapped() -> None:
    found = shown(PLAIN._replace(operation="", rulings=(ruling("inspect.sql"),)))
    unmapped = found["unmapped"]
    assert unmapped["rulings"] == [
        {"rule": "inspect.sql", "effect": "deny", "applied": True, "place": "body.role", "saw": "a fact"}
    ]
    assert unmapped["user"] == {"uid": "user:42"}


def test_marks_that_the_schema_knows_have_their_place() -> None:
    marks = (("session", "5f3a"), ("asn", "64500"), ("country", "DE"), ("agent", "curl"))
    found = shown(PLAIN._replace(marks=marks))
    assert problems(found) == []
    assert found["actor"]["session"] == {"uid": "5f3a"}
    assert found["src_endpoint"]["autonomous_system"] == {"number": 64500}
    assert found["src_endpoint"]["location"] == {"country": "DE"}
    assert found["http_request"]["user_agent"] == "curl"
    assert shown(PLAIN._replace(marks=(("asn", "AS64500"),)))["src_endpoint"] == {"ip": "192.0.2.1"}


def test_marks_are_unmapped() -> None:
    marks = (("session", "5f3a"), ("asn", "64500"))
    for event in (PLAIN, PLAIN._replace(operation=""), PLAIN._replace(status=401), PLAIN._replace(kind="block")):
        assert shown(event._replace(marks=marks))["unmapped"]["marks"] == dict(marks)
        assert "marks" not in shown(event).get("unmapped", {})


def test_words_of_the_guard_are_kept() -> None:
    found = shown(PLAIN._replace(kind="guard", said="The disk is full.", principal="owner:root"))
    assert (found["message"], found["unmapped"]) == (
        "The disk is full.",
        {"kind": "guard", "user": {"uid": "owner:root"}},
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"api": None}, "is no object"),
        ({"severity_id": 42}, "may not be 42"),
        ({"time": "now"}, "is no integer"),
        ({"colour": "red"}, "unknown colour"),
        ({"actor": {}}, "has none of"),
        ({"metadata": {"version": "1.5.0"}}, "lacks product"),
        ({"src_endpoint": {"ip": "no address"}}, "does not look like"),
    ],
)
def test_the_judge_sees_what_is_wrong(change: dict[str, Any], problem: str) -> None:
    (found,) = problems({**shown(), **change})
    assert problem in found
