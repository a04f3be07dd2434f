"""OBJ05 against small APIs: which objects are shown without any log-in."""

from collections.abc import Callable

import pytest

from apiward.scan.checks.objects.anonymous import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.objects.shapes import remote_calls, served, shelf
from tests.scan.small_api import Call, Case, Json, Pair, SmallApi
from tests.scan.small_shelf import Shelf


def undeclared(*, personal: bool, neighbours_secured: bool = False) -> Callable[[], Pair]:
    """Return a maker of an API that shows objects to everybody and says nothing of log-ins there."""

    def make() -> Pair:
        api = SmallApi()
        shelf = Shelf(api, lists="own", weak=["anonymous"]).offer("list", "make", secured=neighbours_secured)

        def read(call: Call) -> Json:
            record = shelf.read(call)
            return {**record, "email": api.users[record["owner"]]["email"]} if personal else _bare(record)

        api.route("GET", "/notes/{note_id}", read, secured=False)
        if not neighbours_secured:
            api.paths["/notes"]["get"].pop("security", None)
        return api.pair()

    return make


def share_links() -> Pair:
    api = SmallApi()
    shelf = Shelf(api, ids="uuid", weak=["anonymous"]).offer("list", "make")
    api.route("GET", "/notes/{note_id}/shared", lambda call: _bare(shelf.read(call)), secured=False)
    api.paths["/notes/{note_id}/shared"]["get"]["security"] = []
    return api.pair()


def _bare(record: dict[str, Json]) -> Json:
    return {key: record[key] for key in ("id", "title", "text")}


TRIGGERS: tuple[Case, ...] = (
    *((f"declared, {ids} ids", shelf(ids=ids, weak=["anonymous"])) for ids in ("integer", "uuid", "slug", "base64")),
    ("declared, no list", shelf(lists="", weak=["anonymous"])),
    ("declared, id in Location", shelf(answer="location", weak=["anonymous"])),
    ("read by POST", remote_calls("slashes", weak=True, reads_by_post=True, anonymous=True)),
    ("undeclared, with an e-mail address", undeclared(personal=True)),
    ("undeclared, all its neighbours are secured", undeclared(personal=False, neighbours_secured=True)),
)
SILENT: tuple[Case, ...] = (
    ("log-in asked for", shelf()),
    ("log-in asked for, failures with 200", served(weak=False, fails_with_200=True)),
    ("open to those who log in", shelf(weak=["read"])),
    ("articles that all may list", shelf(lists="all", weak=["anonymous"], secured=False)),
    ("undeclared, and nothing personal", undeclared(personal=False)),
    ("share links", share_links),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_everybody_is_shown(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_nothing_private_is_shown(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)
