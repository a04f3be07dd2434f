"""Everything that makes ownership hard to learn happens in an ordinary fortnight."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from apiward.core.principal import PrincipalKind
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.operations import OPERATIONS
from apiward.demo.traffic.people import Addresses, populate
from apiward.demo.traffic.settings import DAY_S, TrafficSettings
from apiward.demo.traffic.things import TYPES, IdForm
from apiward.demo.traffic.values import ATTACKS, Kind, Relation, Step
from apiward.demo.traffic.world import World
from tests.demo.traffic.fortnights import SETTINGS, fortnight

PERSONAL_ITEMS = {f"GET {one.template}" for one in OPERATIONS.values() if one.name.startswith("read-")}


def _reads() -> Iterator[Step]:
    """Yield the looks at single objects to which not everybody has a right."""
    for step in fortnight():
        if step.truth.operation in PERSONAL_ITEMS and step.truth.relation is not Relation.PUBLIC:
            yield step


def test_every_kind_of_ordinary_use_and_every_right_is_there() -> None:
    assert {step.truth.kind for step in fortnight()} == set(Kind) - ATTACKS
    assert {step.truth.relation for step in fortnight()} == set(Relation) - {Relation.FOREIGN}


def test_every_operation_is_used() -> None:
    assert {step.truth.operation for step in fortnight()} >= {
        one.key for one in OPERATIONS.values() if one.name != "remove-project"
    }


def test_the_same_number_stands_for_objects_of_several_kinds() -> None:
    kinds = defaultdict(set)
    for step in _reads():
        if step.status == 200:
            kinds[step.truth.object_id].add(step.truth.object_type)
    assert sum(len(found) >= 3 for found in kinds.values()) >= 5


def test_an_id_is_given_again_to_another_tenant() -> None:
    tenants = defaultdict(set)
    for step in _reads():
        if step.truth.object_type == "contact" and step.status == 200:
            tenants[step.truth.object_id].add(step.truth.tenant)
    assert any(len(found) >= 2 for found in tenants.values())


def test_what_is_gone_is_asked_for_again() -> None:
    gone = [step for step in _reads() if step.truth.relation is Relation.MISSING]
    assert len(gone) >= 10
    assert {step.status for step in gone} <= {404, 504}


def test_phones_send_again_what_was_not_answered_also_after_a_time_out() -> None:
    again = [step for step in fortnight() if step.truth.kind is Kind.RETRY]
    assert len(again) >= 20
    first = {id(step): _earlier(step) for step in again}
    assert all(first.values())
    assert {status for statuses in first.values() for status in statuses} >= {200, 504}


def _earlier(step: Step) -> list[int]:
    """Return how the same request was answered in the ten seconds before."""
    same = [one for one in fortnight() if step.at_s - 10.0 < one.at_s < step.at_s and one.target == step.target]
    return [one.status for one in same if (one.principal, one.body) == (step.principal, step.body)]


def test_an_order_that_is_sent_again_is_kept_once_where_it_has_a_key_and_twice_where_it_has_none() -> None:
    settings = TrafficSettings(users=40, days=3, seed=3, lost_answers=0.5)
    by_key: dict[bytes, list[str]] = defaultdict(list)
    without: dict[tuple[str, bytes], list[str]] = defaultdict(list)
    for step in traffic(settings):
        if step.method == "POST" and step.status == 201:
            key = dict(step.headers).get(b"idempotency-key")
            (by_key[key] if key else without[step.principal.key, step.body]).append(step.truth.object_id)
    assert any(len(ids) > 1 for ids in by_key.values())
    assert all(len(set(ids)) == 1 for ids in by_key.values())
    assert any(len(set(ids)) > 1 for ids in without.values())


def test_many_stand_behind_one_address_and_one_comes_from_many() -> None:
    actors, addresses = defaultdict(set), defaultdict(set)
    for step in fortnight():
        actors[step.address].add(step.truth.actor)
        addresses[step.truth.actor].add(step.address)
    assert max(len(found) for found in actors.values()) >= 6
    assert sum(len(found) >= 3 for found in addresses.values()) >= 10


def test_some_never_list_and_some_objects_were_in_no_list() -> None:
    listing = {step.truth.actor for step in fortnight() if step.truth.operation == "GET /api/notes"}
    reading = {step.truth.actor for step in fortnight() if step.truth.operation == "GET /api/notes/{note_id}"}
    assert len(reading - listing) >= 10


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_share_of_users_who_never_list_is_as_wanted(share: float) -> None:
    _, users = populate(TrafficSettings(users=400, never_listing=share), Random(1), Addresses())
    assert sum(not user.lists for user in users) / 400 == pytest.approx(share, abs=0.08)


def test_guests_come_back_with_their_token_also_from_elsewhere() -> None:
    addresses = defaultdict(set)
    for step in fortnight():
        if step.truth.object_type == "guest-order" and step.truth.object_id:
            assert step.principal.is_anonymous
            addresses[step.truth.object_id].add(step.address)
    assert any(len(found) > 1 for found in addresses.values())


def test_a_key_writes_for_many_tenants_and_their_people_read_it() -> None:
    made = {
        step.truth.object_id: step.truth.tenant
        for step in fortnight()
        if step.principal.kind is PrincipalKind.KEY and step.truth.object_type == "invoice" and step.status == 201
    }
    read = {step.truth.object_id for step in _reads() if step.principal.kind is PrincipalKind.USER}
    assert len(set(made.values())) >= 5
    assert read & set(made)


def test_links_across_tenants_are_about_as_frequent_as_wanted_and_some_open_them_without_an_account() -> None:
    reads = list(_reads())
    links = [step for step in reads if step.truth.relation is Relation.LINK and step.truth.object_type == "document"]
    assert 0.003 <= len(links) / len(reads) <= 0.02
    assert {step.principal.is_anonymous for step in links} == {True, False}


def test_roles_and_tenants_change() -> None:
    roles, tenants = defaultdict(set), defaultdict(set)
    for step in fortnight():
        if step.principal.kind is PrincipalKind.USER:
            roles[step.principal.id].add("support" in step.principal.roles)
            tenants[step.principal.id].add(step.principal.claims["org"])
    assert any(len(found) == 2 for found in roles.values())
    assert any(len(found) == 2 for found in tenants.values())


def test_somebody_leaves_the_staff() -> None:
    course = defaultdict(list)
    for step in fortnight():
        if step.principal.kind is PrincipalKind.USER:
            course[step.principal.id].append("support" in step.principal.roles)
    assert any(was and not now for roles in course.values() for was, now in pairwise(roles))


def test_staff_is_known_from_claims_or_from_a_list() -> None:
    settings = TrafficSettings(users=10, days=1, staff_in_claims=False, has_tenant_claim=False)
    world = World(settings)
    steps = list(traffic(settings, world))
    people = [step.principal for step in steps if step.principal.kind is PrincipalKind.USER]
    assert people
    assert not any(one.roles or "org" in one.claims for one in people)
    assert world.staff == ["1"]


def test_owners_are_named_as_a_number_nested_by_mail_or_not_at_all() -> None:
    shown: dict[str, set[str]] = defaultdict(set)
    for step in _reads():
        if step.status == 200:
            shown[step.truth.object_type] |= set(json.loads(step.answer))
    assert "owner_id" in shown["note"]
    assert "customer" in shown["order"]
    assert {"org_id", "created_by"} <= shown["document"]
    assert not {"owner_id", "customer", "org_id", "created_by", "account"} & (shown["invoice"] | shown["contact"])


def test_shared_objects_name_the_persons_or_do_not() -> None:
    named = {
        step.truth.object_type: json.loads(step.answer) for step in _reads() if step.truth.relation is Relation.NAMED
    }
    assert "shared_with" in named["note"]
    assert "guests" not in named["project"]


def test_ids_stand_in_paths_queries_and_bodies_and_have_many_forms() -> None:
    assert {one.place.partition(".")[0] for one in OPERATIONS.values()} == {"", "path", "query", "body"}
    assert {one.form for one in TYPES.values()} == set(IdForm)
    targets = [step.target for step in fortnight()]
    assert any(re.search(r"/api/projects/[a-z0-9-]+/tasks/\d+$", target) for target in targets)
    assert any(re.search(r"/api/documents/[0-9a-f-]{36}$", target) for target in targets)


def test_lists_have_pages() -> None:
    assert any(step.target.endswith("?page=2") for step in fortnight())


def test_somebody_goes_through_a_whole_list_in_a_minute() -> None:
    moments: dict[tuple[str, str], list[float]] = defaultdict(list)
    for step in _reads():
        moments[step.truth.actor, step.truth.object_type].append(step.at_s)
    assert any(
        times[position + 11] - times[position] < 60 for times in moments.values() for position in range(len(times) - 11)
    )


def test_what_people_make_and_the_first_day_has_are_both_read() -> None:
    made = {step.truth.object_id for step in fortnight() if step.method == "POST" and step.status == 201}
    by_age = Counter(step.truth.object_id in made for step in _reads() if step.truth.object_type == "document")
    assert min(by_age[True], by_age[False]) >= 50
    assert fortnight()[-1].at_s < SETTINGS.start_s + 15 * DAY_S
