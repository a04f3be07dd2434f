from collections.abc import Iterator
from pathlib import Path

import pytest

from apiward.app.inventory.permitted import Cell, May, Seen
from apiward.app.page.inventory import CallerShown, DataClass, Inventory, InventoryKind, inventory
from apiward.core.marks import ROLE
from tests.prove.sample import finding, report
from tests.stores.events.made import event
from tests.web.made import NOW_S, Shop, shop, with_inventory


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    with shop(tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop(tmp_path_factory.mktemp("shop")) as one:
        one.scan(report([finding(operation="GET /v2/clients/{client}")], operations=("GET /v2/clients/{client}",)))
        with_inventory(one)
        yield one


def names(view: Inventory) -> list[str]:
    return [one.operation for one in view.operations]


def test_nothing_known_looks_different_from_zero(empty: Shop) -> None:
    view = inventory(empty.source)
    assert (view.has_sources, view.is_learned, view.description, view.count) == (False, False, None, None)
    assert [tab.count for tab in view.tabs if tab.kind is not InventoryKind.ODD] == [None] * 5
    empty.scan(report())
    view = inventory(empty.source)
    counts = {tab.kind: tab.count for tab in view.tabs}
    assert counts == {
        InventoryKind.ALL: 2,
        InventoryKind.ODD: 0,
        InventoryKind.NEW: 0,
        InventoryKind.QUIET: None,  # no traffic was ever seen: it does not tell what is not called
        InventoryKind.UNREACHED: 0,
        InventoryKind.DATA: None,
    }
    assert [(one.findings, one.is_reached, one.requests) for one in view.operations] == [(0, True, 0)] * 2


def test_each_number_is_that_of_its_list(known: Shop) -> None:
    for tab in inventory(known.source).tabs:
        view = inventory(known.source, tab.kind)
        assert view.count == tab.count == len(view.operations)


def test_operations_stand_against_roles(known: Shop) -> None:
    view = inventory(known.source)
    assert view.callers == tuple(
        CallerShown(*one) for one in (("anonymous",), ("user",), ("role", "admin"), ("role", "customer"), ("key",))
    )
    cells = {one.operation: one.cells for one in view.operations}
    assert cells["GET /v2/clients/{id}"] == (
        Cell(May.NO, Seen.WELL),
        Cell(May.YES, Seen.NEVER),
        Cell(May.YES, Seen.NEVER),
        Cell(May.YES, Seen.WELL),
        Cell(May.YES, Seen.NEVER),
    )
    assert cells["GET /v2/health"][0] == Cell(May.UNKNOWN, Seen.NEVER)
    assert names(inventory(known.source, InventoryKind.ODD)) == ["GET /v2/clients/{id}"]
    assert names(inventory(known.source, InventoryKind.NEW)) == ["GET /v2/health"]
    assert names(inventory(known.source, InventoryKind.QUIET)) == ["GET /v1/clients/{id}"]
    (client,) = [one for one in view.operations if one.operation == "GET /v2/clients/{id}"]
    assert (client.findings, client.is_reached, client.requests) == (1, True, 2)


def test_data_is_told_by_what_was_seen_and_by_what_is_promised(known: Shop) -> None:
    view = inventory(known.source)
    assert view.classes == (DataClass("email", "personal", 2, 1), DataClass("phone", "personal", 2, 0))
    found = inventory(known.source, InventoryKind.DATA, data="email")
    assert [[(one.place, one.is_seen) for one in some.data] for some in found.operations] == [
        [("answer.email", False)],
        [("answer.email", True)],
    ]
    assert inventory(known.source, InventoryKind.DATA, data="iban").operations == ()
    assert inventory(known.source, data="no such kind").data == ""
    assert names(inventory(known.source, InventoryKind.ODD, data="email")) == ["GET /v2/clients/{id}"]
    assert names(inventory(known.source, InventoryKind.NEW, data="email")) == []


def test_a_list_has_pages_and_letters_narrow_it(known: Shop) -> None:
    first = inventory(known.source, limit=2)
    second = inventory(known.source, start=first.following or 0, limit=2)
    assert (first.following, first.count) == (2, 5)
    assert names(first) + names(second) == names(inventory(known.source))[:4]
    last = inventory(known.source, start=4, limit=2)
    assert (len(last.operations), last.following) == (1, None)
    assert inventory(known.source, start=99_999).operations == ()
    found = inventory(known.source, find="CLIENTS")
    assert (found.count, {tab.kind: tab.count for tab in found.tabs}[InventoryKind.NEW]) == (2, 0)


def test_versions_and_hosts_are_told(known: Shop) -> None:
    view = inventory(known.source)
    assert [(one.path, one.operations, one.called, one.deprecated) for one in view.versions] == [
        ("/v1", 1, 0, 1),
        ("/v2", 4, 4, 0),
    ]
    assert [one.name for one in view.hosts] == ["api.cups.example", "127.0.0.1:8000"]
    assert view.description is not None
    assert (view.description.title, view.description.version) == ("Cup shop", "2.1")


def test_of_many_roles_those_stand_in_front_that_were_let_in_and_may_not(empty: Shop) -> None:
    with_inventory(empty)
    (empty.source.place.base / "apiward.toml").write_text(
        '[[guard.permit.rules]]\nname = "no"\neffect = "forbid"\noperations = ["GET /v2/products"]\nroles = ["zz"]\n'
    )
    roles = [*"abcdefgh", "zz"]
    empty.store(
        [
            event(800 + at, at_s=NOW_S - 9, operation="GET /v2/products", principal=f"user:{at}", marks=((ROLE, role),))
            for at, role in enumerate(roles)
        ]
    )
    view = inventory(empty.source, InventoryKind.ODD)
    assert (len(view.callers), view.more_callers) == (6, 8)
    assert CallerShown("role", "zz") in view.callers
    assert all(any(cell.is_odd for cell in one.cells) for one in view.operations)
    assert names(view) == ["GET /v2/clients/{id}", "GET /v2/products"]
