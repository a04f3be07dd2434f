"""The truth is true: every right that a step claims is shown by its credential, or by what was said before."""

import re
from collections import defaultdict
from typing import Final

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from apiward.core.principal import PrincipalKind
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import Attack, TrafficSettings
from apiward.demo.traffic.values import ATTACKS, Kind, Relation, Step
from apiward.demo.traffic.world import World

_SHARE: Final = re.compile(r"[?&]share=([0-9a-f]{32})")
ALL: Final = tuple(Attack(kind, from_day=0.2, per_day=1.0, principals=2) for kind in sorted(ATTACKS))
STAFF_FUNCTIONS: Final = "/api/admin/"

QUICK: Final = settings(
    max_examples=settings().max_examples // 4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
"""Each example is a whole business: fewer of them, and making a failing one smaller would take minutes."""

businesses = st.builds(
    TrafficSettings,
    users=st.integers(2, 25),
    days=st.integers(1, 4),
    seed=st.integers(0, 10**6),
    mean_tenant=st.sampled_from([1.0, 3.0, 8.0]),
    never_listing=st.sampled_from([0.0, 0.5, 1.0]),
    cross_tenant_links=st.sampled_from([0.0, 0.05]),
    sound=st.booleans(),
    attacks=st.sampled_from([(), ALL]),
)


class Witness:
    """Knows of rights only what was said in requests and answers, and what held on the first day."""

    def __init__(self, world: World) -> None:
        self.named: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.links: dict[tuple[str, str], set[str]] = defaultdict(set)
        for kind, things in world.state.things.items():
            for thing in things.values():
                self.named[kind, thing.id] = {user.actor for user in thing.named}
                self.links[kind, thing.id] = set(thing.links)
        self._by_email = {user.email: user.actor for user in world.users}

    def hear(self, step: Step) -> None:
        """Remember who was named and which links were given by somebody with a right."""
        truth = step.truth
        if truth.is_foreign:
            return
        about = (truth.object_type, truth.object_id)
        for email in re.findall(rb'"(?:email|to)":"([^"]+)"', step.body):
            if step.target.endswith(("/shares", "/guests", "/threads")) and step.method == "POST":
                self.named[about].add(self._by_email.get(email.decode(), ""))
        if step.target.endswith("/links"):
            self.links[about] |= {one.decode() for one in re.findall(rb"share=([0-9a-f]{32})", step.answer)}

    def has(self, step: Step) -> bool:
        """Whether the right that the step claims is there."""
        truth, principal = step.truth, step.principal
        about = (truth.object_type, truth.object_id)
        parent = ("project", truth.object_id.partition("/")[0])
        if truth.relation is Relation.OWN:
            return truth.owner == f"user:{principal.id}"
        if truth.relation is Relation.MATE:
            return truth.tenant == f"tenant:{principal.claims['org']}"
        if truth.relation is Relation.NAMED:
            return f"user:{principal.id}" in self.named[about] | self.named[parent]
        if truth.relation is Relation.LINK:
            shown = _SHARE.search(step.target)
            return truth.object_type == "guest-order" or (shown is not None and shown[1] in self.links[about])
        if truth.relation is Relation.STAFF:
            return "support" in principal.roles
        if truth.relation is Relation.KEY:
            return principal.kind is PrincipalKind.KEY
        return truth.relation in {Relation.PUBLIC, Relation.NONE, Relation.MISSING}


@QUICK
@given(businesses)
def test_nobody_reaches_what_is_foreign_but_attackers_and_every_right_was_given_before(wanted: TrafficSettings) -> None:
    world = World(wanted)
    witness = Witness(world)
    for step in traffic(wanted, world):
        truth = step.truth
        witness.hear(step)
        assert truth.is_foreign or witness.has(step), step
        assert truth.is_attack or truth.is_rightful, step
        assert not (truth.is_foreign and truth.is_rightful), step


@QUICK
@given(businesses)
def test_the_sound_twin_serves_nothing_foreign_and_no_function_of_staff(wanted: TrafficSettings) -> None:
    for step in traffic(wanted):
        if not wanted.sound:
            continue
        assert not (step.truth.is_foreign and step.is_success), step
        if step.truth.kind is Kind.OPENED:
            continue  # somebody has changed a row of its database: it believes that this is staff
        if step.target.startswith(STAFF_FUNCTIONS) and step.is_success:
            assert "support" in step.principal.roles, step


@QUICK
@given(businesses)
def test_the_weak_twin_serves_foreign_objects_to_everybody_who_has_logged_in(wanted: TrafficSettings) -> None:
    statuses = {
        step.status
        for step in traffic(wanted)
        if step.truth.is_foreign and not wanted.sound and step.truth.kind is Kind.STOLEN_OBJECT
    }
    assert statuses <= {200, 500, 503}


@pytest.mark.long
@QUICK
@given(businesses)
@example(
    TrafficSettings(
        users=24, days=4, seed=131318, mean_tenant=1.0, never_listing=1.0, cross_tenant_links=0.05, attacks=ALL
    )
)
def test_used_before_means_that_somebody_with_a_right_named_it_or_was_shown_it(wanted: TrafficSettings) -> None:
    used: dict[str, set[str]] = defaultdict(set)
    for step in traffic(wanted):
        truth = step.truth
        texts = _texts(step)
        if truth.is_foreign and truth.kind in {Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE}:
            about = truth.object_id.rpartition("/")[2]
            assert not truth.was_used or about in used[truth.object_type], step
        if not truth.is_foreign:
            for found in (truth.object_type, *_SHOWN.get(truth.operation, ())):
                used[found] |= texts


def test_an_answer_that_was_lost_has_shown_nothing() -> None:
    made = [
        step
        for step in traffic(TrafficSettings(users=20, days=2, seed=7, lost_answers=0.9))
        if step.truth.operation == "POST /api/notes" and step.truth.kind is Kind.USE and step.truth.owner
    ]
    used = {status: {step.truth.was_used for step in made if step.status == status} for status in (201, 504)}
    assert used == {201: {True}, 504: {False}}


_SHOWN: Final = {
    "GET /api/team": ("person",), "GET /api/me": ("person",), "PATCH /api/me": ("person",),
    "GET /api/admin/users": ("person",), "GET /api/admin/orders": ("order",),
    "GET /api/projects/{slug}/tasks": ("task",), "POST /api/projects/{slug}/tasks": ("project",),
    "GET /api/projects/{slug}/tasks/{number}": ("project",), "PATCH /api/projects/{slug}/tasks/{number}": ("project",),
}  # fmt: skip
"""What an answer shows beside the kind that it is about."""


def _texts(step: Step) -> set[str]:
    text = f"{step.target} {step.body.decode()} {step.answer.decode()}"
    return set(re.findall(r"[A-Za-z0-9_=-]+", text))
