"""Every attack happens from its day on, as often as wanted, and does in the weak twin what it is for."""

from collections import Counter
from functools import cache

import pytest

from apiward.demo.traffic.attacks.registry import ATTACK_SESSIONS
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import DAY_S, Attack, TrafficSettings
from apiward.demo.traffic.values import ATTACKS, Kind, Relation, Step
from apiward.demo.traffic.world import World

pytestmark = pytest.mark.long

FOREIGN = (
    Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE, Kind.ENUMERATION_FAST, Kind.ENUMERATION_SLOW, Kind.FORMER_MEMBER,
    Kind.TEACH_OWNERSHIP, Kind.TEACH_ROLE,
)  # fmt: skip
AT_LEAST = {
    Kind.STOLEN_OBJECT: 3, Kind.FOREIGN_WRITE: 3, Kind.ENUMERATION_FAST: 100, Kind.ENUMERATION_SLOW: 60,
    Kind.STUFFING: 300, Kind.TOKEN_THEFT: 15, Kind.SCRAPING: 150, Kind.CARDING: 100, Kind.COUPONS: 150,
    Kind.PROBING: 30, Kind.FORMER_MEMBER: 2, Kind.TEACH_OWNERSHIP: 20, Kind.TEACH_SHAPE: 200, Kind.TEACH_ROLE: 100,
    Kind.SPRAYING: 60, Kind.CRACKING: 100, Kind.TAKEOVER: 30, Kind.DORMANT: 12, Kind.KEY_THEFT: 20,
    Kind.KEY_MISUSE: 20, Kind.CODES: 120, Kind.SCALPING: 100, Kind.EXPORT: 40, Kind.SKIPPING: 10, Kind.OLD_VERSION: 9,
    Kind.OVERLOAD: 3_000, Kind.INJECTION: 30, Kind.INWARD: 9, Kind.STORM: 150, Kind.ROLE_TAKEN: 9, Kind.OPENED: 6,
    Kind.SILENCE: 90, Kind.CLOCK: 90,
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


def test_a_few_passwords_for_many_and_many_for_one() -> None:
    assert len({step.body.partition(b'"password":')[2] for step in _attack(Kind.SPRAYING, per_day=0.25)}) == 3
    cracked = [step for step in _attack(Kind.CRACKING, per_day=0.25) if step.target == "/api/login"]
    assert len({step.body for step in cracked}) == len(cracked)
    assert len({step.body.partition(b'"password":')[0] for step in cracked}) == 1


def test_who_takes_an_account_over_gets_in_and_changes_it() -> None:
    steps = _attack(Kind.TAKEOVER)
    changed = [step for step in steps if step.method == "PATCH" and step.target == "/api/me"]
    assert changed
    assert all(step.is_success and not step.principal.is_anonymous for step in changed)
    assert {step.status for step in steps if step.target == "/api/login"} == {200, 401}


def test_who_is_away_does_not_come_until_somebody_wakes_the_account() -> None:
    attack = Attack(Kind.DORMANT, from_day=12.0, per_day=1.0)
    settings = TrafficSettings(users=12, days=14, seed=8, attacks=(attack,))
    world = World(settings)
    away = {f"user:{user.number}" for user in world.away}
    steps = [*traffic(settings, world)]
    late = {step.truth.actor for step in steps if step.at_s > settings.start_s + 6 * DAY_S}
    assert len(away) == 3
    assert away & {step.truth.actor for step in steps}
    assert not away & late
    assert any(step.truth.kind is Kind.DORMANT and step.target == "/api/me" and step.is_success for step in steps)


def test_a_broken_service_fails_for_everybody_and_then_works_again() -> None:
    attack = Attack(Kind.STORM, from_day=3.0, per_day=0.25)
    steps = [*traffic(TrafficSettings(users=60, days=7, seed=8, attacks=(attack,)))]
    storm = [step for step in steps if step.truth.kind is Kind.STORM]
    during = [step for step in steps if storm[0].at_s <= step.at_s <= storm[0].at_s + 890]
    after = [step for step in steps if step.at_s > storm[-1].at_s + 60]
    assert 0.5 < sum(step.status == 503 for step in during) / len(during) < 0.9
    assert sum(step.status == 503 for step in after) < len(after) * 0.05


def test_a_role_that_nobody_gave_and_a_function_that_opens() -> None:
    taken = _attack(Kind.ROLE_TAKEN)
    assert {bool(step.principal.roles) for step in taken} == {False, True}
    opened = [step.status for step in _attack(Kind.OPENED) if step.target == "/api/admin/users"]
    assert set(opened) == {200, 403}
    assert opened[:2] == [403, 200]


def test_keys_are_used_from_elsewhere_or_for_something_else() -> None:
    assert all(step.principal.id == "ledger" for kind in (Kind.KEY_THEFT, Kind.KEY_MISUSE) for step in _attack(kind))
    assert all(step.address.startswith("2001:db8:") for step in _attack(Kind.KEY_THEFT))
    assert len({step.address for step in _attack(Kind.KEY_MISUSE)}) == 1


def test_codes_old_versions_and_exports_are_answered_as_they_are() -> None:
    assert Counter(step.status for step in _attack(Kind.CODES))[401] > 100
    old = [step for step in _attack(Kind.OLD_VERSION) if step.target == "/api/v0/contacts"]
    assert all(step.is_success for step in old)
    exported = [step for step in _attack(Kind.EXPORT) if step.target == "/api/admin/export"]
    assert sum(step.is_success for step in exported) > 30
