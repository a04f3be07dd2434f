"""OBJ04 against small APIs: whose objects may a stranger delete."""

import pytest

from apiward.scan.checks.objects.delete import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.objects.shapes import below_parents, orders, people, remote_calls, served, shelf
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    *((f"{ids} ids", shelf(ids=ids, weak=["delete"])) for ids in ("integer", "uuid", "slug", "base64")),
    *((f"made with {a} answer", shelf(answer=a, weak=["delete"])) for a in ("id", "wrapped", "nothing", "location")),
    ("listed to all", shelf(lists="all", weak=["delete"])),
    ("no list", shelf(lists="", weak=["delete"])),
    ("failures with 200", served(weak=True, fails_with_200=True)),
    ("objects without text", orders(weak=True)),
    ("by POST, slashes", remote_calls("slashes", weak=True)),
    ("by POST, verbs in names", remote_calls("camel", weak=True)),
    ("by POST, id only in the list", remote_calls("verbs", weak=True)),
    ("below parents", below_parents(weak=True)),
    ("accounts", people(weak=True)),
    ("accounts by name", people(weak=True, by="username")),
    ("customers by id", people(weak=True, noun="customers")),
)
SILENT: tuple[Case, ...] = (
    *((f"{ids} ids, always 200", shelf(ids=ids, quiet=True)) for ids in ("integer", "uuid", "slug", "base64")),
    ("refused with 404", shelf()),
    ("failures with 200", served(weak=False, fails_with_200=True)),
    ("objects without text", orders(weak=False)),
    ("by POST, same answer", remote_calls("slashes", weak=False, quiet=True)),
    ("by POST, refused", remote_calls("camel", weak=False)),
    ("below parents", below_parents(weak=False)),
    ("accounts", people(weak=False)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_strangers_may_delete(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_the_object_stays(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)
