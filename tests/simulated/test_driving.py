"""The real engine, driven with simulated traffic: the normal days pass, and what is refused does not happen."""

import json
from collections import Counter
from pathlib import Path

import pytest

from apiward.app.guarding.cases import Expected
from apiward.core.api import Api
from apiward.demo.traffic.description import description
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import Attack, TrafficSettings
from apiward.demo.traffic.values import Kind
from apiward.spec.reading import read_description
from tests.simulated.driving import SETTINGS, Driver, case_of

SMALL = TrafficSettings(users=16, days=2, seed=4)
ENFORCE = SETTINGS.replace("[guard]", '[guard]\nmode = "enforce"')


def _api(*without: str) -> Api:
    document = description()
    for key in without:
        method, path = key.split(" ")
        del document["paths"][path][method.lower()]
    return read_description(json.dumps(document).encode(), source="test")


@pytest.mark.long
@pytest.mark.parametrize("is_described", [True, False])
def test_normal_days_pass_unchanged_in_enforce(tmp_path: Path, *, is_described: bool) -> None:
    driver = Driver(tmp_path)
    gate = driver.engine(ENFORCE, _api() if is_described else None)
    count = 0
    for step, event, status, body in driver.drive(gate, traffic(SMALL)):
        count += 1
        assert event.outcome == "passed", (step, event)
        assert (status, body) == (step.status, step.answer)
        assert event.at_s == step.at_s
        assert event.client == step.address
        assert event.operation in {"", step.truth.operation}
    assert count > 300


def test_real_tokens_are_verified_and_say_the_same(tmp_path: Path) -> None:
    driver = Driver(tmp_path, real_tokens=True)
    people = Counter()  # type: Counter[bool]
    for step, event, *_ in driver.drive(driver.engine(ENFORCE), traffic(SMALL)):
        if step.principal.key.startswith("user:"):
            people[event.principal == step.principal.key] += 1
    assert people[True] > 300
    assert not people[False]


@pytest.mark.long
def test_what_is_refused_has_happened_in_a_recording_and_has_not_where_it_is_live(tmp_path: Path) -> None:
    driver, api = Driver(tmp_path), _api("POST /api/notes")
    recorded = list(driver.drive(driver.engine(ENFORCE, api), traffic(SMALL)))
    live = list(driver.drive_live(driver.engine(ENFORCE, api), SMALL))
    for driven in (recorded, live):
        refused = [one for one in driven if one.event.outcome == "refused"]
        assert refused
        assert {one.step.truth.operation for one in refused} == {"POST /api/notes"}
        assert {one.status for one in refused} == {405}
    made = {one.step.truth.object_id for one in recorded if one.event.outcome == "refused"}
    assert "" not in made
    assert {one.step.truth.object_id for one in live if one.event.outcome == "refused"} == {""}
    assert {one.step.status for one in live if one.event.outcome == "refused"} == {405}


def test_people_who_cannot_log_in_go_away(tmp_path: Path) -> None:
    driver = Driver(tmp_path)
    driven = list(driver.drive_live(driver.engine(ENFORCE, _api("POST /api/login")), SMALL))
    actors = Counter(one.step.truth.actor for one in driven if one.step.target == "/api/login")
    assert actors
    assert not any(one.step.principal.key.startswith("user:") for one in driven)


@pytest.mark.long
def test_live_truth_knows_what_a_refused_request_was_about(tmp_path: Path) -> None:
    driver = Driver(tmp_path)
    settings = TrafficSettings(users=30, days=2, attacks=(Attack(Kind.FOREIGN_WRITE, from_day=0.5, per_day=60.0),))
    without = _api("DELETE /api/notes/{note_id}", "PUT /api/notes/{note_id}")
    refused = [
        one.step.truth
        for one in driver.drive_live(driver.engine(ENFORCE, without), settings)
        if one.event.outcome == "refused" and one.step.truth.kind is Kind.FOREIGN_WRITE
    ]
    assert refused
    assert all(truth.is_foreign and truth.owner and truth.object_type == "note" for truth in refused)


def test_a_step_can_be_written_down_as_a_case() -> None:
    attack = Attack(Kind.FOREIGN_WRITE, from_day=0.5, per_day=20.0)
    for number, step in enumerate(traffic(TrafficSettings(users=16, days=1, attacks=(attack,))), 1):
        case = case_of(step, number)
        assert (case.method, case.target, case.body) == (step.method, step.target, step.body)
        assert case.expected is (Expected.ALLOW if step.truth.is_rightful else Expected.BLOCK)
        assert case.answer is not None
        assert case.answer.body == step.answer
