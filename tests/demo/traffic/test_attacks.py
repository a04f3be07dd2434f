"""Every attack happens from its day on, as often as wanted, and does in the weak twin what it is for."""

from collections import Counter
from functools import cache

import pytest

from apiward.demo.traffic.attacks.registry import ATTACK_SESSIONS
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import DAY_S, Attack, TrafficSettings
from apiward.demo.traffic.values import ATTACKS, Kind, Relation, Step

FOREIGN = (
    Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE, Kind.ENUMERATION_FAST, Kind.ENUMERATION_SLOW, Kind.FORMER_MEMBER,
    Kind.TEACH_OWNERSHIP, Kind.TEACH_ROLE,
)  # fmt: skip
AT_LEAST = {
    Kind.STOLEN_OBJECT: 3, Kind.FOREIGN_WRITE: 3, Kind.ENUMERATION_FAST: 100, Kind.ENUMERATION_SLOW: 60,
    Kind.STUFFING: 300, Kind.TOKEN_THEFT: 15, Kind.SCRAPING: 150, Kind.CARDING: 100, Kind.COUPONS: 150,
    Kind.PROBING: 30, Kind.FORMER_MEMBER: 2, Kind.TEACH_OWNERSHIP: 20, Kind.TEACH_SHAPE: 200, Kind.TEACH_ROLE: 100,
}  # fmt: skip


@cache
def _attack(kind: Kind, *, sound: bool = False, principals: int = 1, per_day: float = 1.0) -> tuple[Step, ...]:
    attack = Attack(kind, from_day=3.0, per_day=per_day, principals=principals)
    settings = TrafficSettings(users=30, days=7, seed=8, attacks=(attack,), sound=sound)
    return tuple(step for step in traffic(settings) if step.truth.is_attack)


def test_every_kind_of_attack_has_its_sessions() -> None:
    assert set(ATTACK_SESSIONS) == ATTACKS


@pytest.mark.parametrize("kind", sorted(ATTACKS))
def test_an_attack_begins_on_its_day_and_is_marked(kind: Kind) -> None:
    steps = _attack(kind)
    assert {step.truth.kind for step in steps} == {kind}
    assert not any(step.truth.is_rightful for step in steps)
    assert min(step.at_s for step in steps) >= TrafficSettings().start_s + 3 * DAY_S
    assert len(steps) >= AT_LEAST[kind]


@pytest.mark.parametrize("kind", FOREIGN)
def test_the_weak_twin_serves_what_the_sound_one_does_not(kind: Kind) -> None:
    weak = [step.status for step in _attack(kind) if step.truth.is_foreign]
    sound = [step.status for step in _attack(kind, sound=True) if step.truth.is_foreign]
    assert sum(200 <= status < 300 for status in weak) > len(weak) * 0.9
    assert sound
    assert all(status >= 400 for status in sound)


def test_foreign_writes_are_of_every_method_and_name_ids_in_bodies_too() -> None:
    attack = Attack(Kind.FOREIGN_WRITE, from_day=1.0, per_day=20.0)
    steps = [
        step
        for step in traffic(TrafficSettings(users=60, days=7, attacks=(attack,)))
        if step.truth.kind is Kind.FOREIGN_WRITE
    ]
    assert {step.method for step in steps} == {"PUT", "PATCH", "DELETE", "POST"}
    assert any(b'"order_id":' in step.body for step in steps)
    assert any(b'"ref":' in step.body for step in steps)


def test_what_is_stolen_was_used_before_where_that_is_wanted() -> None:
    assert all(step.truth.was_used for step in _attack(Kind.STOLEN_OBJECT))
    attack = Attack(Kind.STOLEN_OBJECT, from_day=0.5, per_day=20.0, only_used=False)
    steps = traffic(TrafficSettings(users=60, days=3, attacks=(attack,)))
    used = Counter(step.truth.was_used for step in steps if step.truth.kind is Kind.STOLEN_OBJECT)
    assert min(used[True], used[False]) >= 5


def test_passwords_are_tried_from_many_addresses_with_many_names() -> None:
    steps = _attack(Kind.STUFFING)
    logins = [step for step in steps if step.target == "/api/login"]
    assert len({step.address for step in logins}) > len(logins) * 0.9
    assert len({step.body for step in logins}) > len(logins) * 0.9
    good = sum(step.is_success for step in logins)
    assert 0 < good < len(logins) * 0.1


def test_a_stolen_token_is_a_persons_own_shown_from_elsewhere() -> None:
    steps = _attack(Kind.TOKEN_THEFT)
    assert all(step.truth.actor.startswith("attacker:") and not step.principal.is_anonymous for step in steps)
    assert all(step.address.startswith("2001:db8:") for step in steps)
    assert Relation.OWN in {step.truth.relation for step in steps}


def test_cards_are_declined_and_coupons_refused() -> None:
    declined = Counter(step.status for step in _attack(Kind.CARDING) if step.target == "/api/payments")
    refused = Counter(step.status for step in _attack(Kind.COUPONS) if step.target == "/api/cart/coupon")
    assert declined[402] > 50
    assert refused[404] > 50
    assert refused[200] > 5


def test_only_staff_functions_that_nobody_guards_are_open_to_those_who_probe() -> None:
    weak = {step.target for step in _attack(Kind.PROBING) if step.is_success}
    assert weak == {"/api/admin/export"}
    assert not any(step.is_success for step in _attack(Kind.PROBING, sound=True))


@pytest.mark.parametrize("kind", [Kind.TEACH_OWNERSHIP, Kind.TEACH_SHAPE, Kind.TEACH_ROLE])
def test_one_or_three_principals_teach(kind: Kind) -> None:
    assert len(_teachers(kind, 1)) < len(_teachers(kind, 3))


def _teachers(kind: Kind, principals: int) -> set[str]:
    first_day = TrafficSettings().start_s + 4 * DAY_S
    return {step.truth.actor for step in _attack(kind, principals=principals) if step.at_s < first_day}


def test_who_teaches_ownership_makes_foreign_ids_appear_in_answers_to_themselves() -> None:
    steps = _attack(Kind.TEACH_OWNERSHIP, principals=3)
    targets = {step.truth.object_id: step for step in steps if step.truth.is_foreign and step.method == "GET"}
    assert targets
    for id_, step in targets.items():
        echoes = [one for one in steps if one.truth.relation is Relation.OWN and id_.encode() in one.answer]
        assert echoes, step


def test_the_right_that_somebody_gives_to_themselves_is_none() -> None:
    steps = _attack(Kind.TEACH_OWNERSHIP, principals=3, per_day=6.0)
    shares = {step.truth.object_id for step in steps if step.truth.is_foreign and step.target.endswith("/shares")}
    links = [step for step in steps if "?share=" in step.target]
    later = [step for step in steps if step.truth.object_id in shares and step.method == "GET"]
    assert shares
    assert all(step.truth.is_foreign for step in [*later, *links] if step.status == 200)
