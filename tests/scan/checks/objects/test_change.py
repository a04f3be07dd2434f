"""OBJ02 against small APIs: whose objects may a stranger change, named in the address."""

import pytest

from apiward.scan.checks.objects.change import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.objects.shapes import action, below_parents, orders, people, published, served, shareable, shelf
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    *((f"{ids} ids", shelf(ids=ids, weak=["change"])) for ids in ("integer", "uuid", "slug", "base64")),
    *((f"made with {a} answer", shelf(answer=a, weak=["change"])) for a in ("id", "wrapped", "nothing", "location")),
    ("PATCH", shelf("list", "make", "read", "patch", weak=["change"])),
    ("only the list shows it", shelf("list", "make", "change", weak=["change"])),
    ("no list", shelf(lists="", weak=["change"])),
    ("failures with 200", served(weak=True, fails_with_200=True)),
    ("another prefix", served(weak=True, prefix="Token ", uses_form=True)),
    ("objects without text", orders(weak=True)),
    ("below parents", below_parents(weak=True)),
    ("an action without a body", action("path", weak=True)),
    ("an action without a body, no list", action("path", weak=True, listed=False)),
    ("an action with the id in the query", action("query", weak=True)),
    ("accounts by id", people(weak=True)),
    ("accounts by name", people(weak=True, by="username")),
    ("passwords of others", people(weak=True, by="username", password="plain")),
    ("passwords of others, the caller's current one is asked for", people(weak=True, password="current")),
    ("customers by id", people(weak=True, noun="customers")),
)
SILENT: tuple[Case, ...] = (
    *((f"{ids} ids, same answer", shelf(ids=ids, quiet=True)) for ids in ("integer", "uuid", "slug", "base64")),
    ("refused with 404", shelf()),
    ("listed to all, changed by the owner alone", shelf(lists="all", quiet=True)),
    ("failures with 200", served(weak=False, fails_with_200=True)),
    ("objects without text", orders(weak=False)),
    ("below parents", below_parents(weak=False)),
    ("what its owner could open to all", shareable),
    *((f"{extra} on what is open to all", published(extra=extra)) for extra in ("comments", "likes")),
    *((f"{extra}, and no list of it", published(lists=False, extra=extra)) for extra in ("comments", "likes")),
    ("an action, same answer", action("path", weak=False)),
    ("an action, refused", action("path", weak=False, loud=True)),
    ("an action with the id in the query", action("query", weak=False)),
    ("accounts, refused", people(weak=False, password="plain")),
    ("accounts, the caller's own record is changed instead", people(weak=False, own_instead=True, password="plain")),
    ("the same, by name", people(weak=False, own_instead=True, by="username", password="current")),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_strangers_may_change(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_nothing_really_changes(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


@pytest.mark.parametrize("by", ["id", "username"])
def test_finds_passwords_of_others_by_logging_in(by: str) -> None:
    path = "{user_id}" if by == "id" else "{username}"
    assert f"PUT /users/{path}/password" in broken_at(people(weak=True, by=by, password="plain"), CHECK)
