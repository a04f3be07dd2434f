import pytest

from apiward.catalogue.rules import STAGES, load_rules
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.core.lanes import (
    ACCESS_STAGES,
    AUTHENTICATION_RULES,
    AUTHENTICATION_STAGES,
    AuditKind,
    audit_kind,
)

NOT_IN_THE_LANE = {
    *("protocol", "flood", "quota", "route", "shape", "inspect", "conduct"),
    *("learn", "minimise", "conceal", "harden", "guard"),
}
"""Stages that refuse what nobody may send, or that change answers: they say nothing about who may do what."""


def event(*rulings: Ruling, status: int = 200, kind: str = "request") -> Event:
    return Event("1", 1.0, "GET", "GET /a", "/a", status, "passed", "192.0.2.1", "user:1", rulings, kind=kind)


def ruling(rule: str, effect: Effect = Effect.DENY, *, is_applied: bool = True) -> Ruling:
    return Ruling(Decision(rule, effect), is_applied=is_applied)


def test_every_stage_is_in_the_lane_or_not_by_decision() -> None:
    # A new stage fails here: decide where it belongs, then say so in core/lanes.py or above.
    assert set(STAGES) - AUTHENTICATION_STAGES - ACCESS_STAGES == NOT_IN_THE_LANE


def test_the_rules_of_log_ins_exist() -> None:
    assert set(load_rules().rules) >= AUTHENTICATION_RULES


@pytest.mark.parametrize("rule", sorted({*AUTHENTICATION_RULES, "authenticate.token-expired"}))
@pytest.mark.parametrize("effect", [Effect.DENY, Effect.NOTE, Effect.DELAY])
def test_how_somebody_logged_in_is_kept_in_every_mode(rule: str, effect: Effect) -> None:
    assert audit_kind(event(ruling(rule, effect, is_applied=False))) is AuditKind.AUTHENTICATION


@pytest.mark.parametrize("stage", sorted(ACCESS_STAGES))
def test_a_refusal_of_access_is_kept_where_it_was_one(stage: str) -> None:
    assert audit_kind(event(ruling(f"{stage}.x"), status=404)) is AuditKind.ACCESS
    assert audit_kind(event(ruling(f"{stage}.x", is_applied=False))) is None
    assert audit_kind(event(ruling(f"{stage}.x", Effect.NOTE))) is None


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuditKind.AUTHENTICATION), (403, AuditKind.ACCESS), (200, None), (404, None)]
)
def test_what_the_api_refuses_itself_is_kept(status: int, kind: AuditKind | None) -> None:
    assert audit_kind(event(status=status)) is kind


@pytest.mark.parametrize("rule", ["inspect.sql", "shape.undeclared", "flood.too-many", "quota.calls", "conduct.walk"])
def test_what_nobody_may_send_is_no_matter_of_access(rule: str) -> None:
    assert audit_kind(event(ruling(rule), status=400)) is None


def test_of_two_reasons_the_log_in_counts() -> None:
    assert audit_kind(event(ruling("permit.role"), ruling("conduct.log-in"))) is AuditKind.AUTHENTICATION


@pytest.mark.parametrize("kind", list(AuditKind))
def test_what_is_no_request_is_kept_by_its_kind(kind: AuditKind) -> None:
    assert audit_kind(event(kind=kind.value)) is kind


def test_what_the_guard_says_of_itself_is_kept_and_unknown_kinds_are_not() -> None:
    assert audit_kind(event(kind="guard")) is AuditKind.RECORD
    assert audit_kind(event(kind="something")) is None
