"""OBJ05 against small APIs: which objects are shown without any log-in."""

from collections.abc import Callable

import pytest

from apiward.core.verdict import Confidence
from apiward.scan.checks.objects.anonymous import CHECK
from tests.scan.checks.judged import broken_at, looked_at, sure_of
from tests.scan.checks.objects.shapes import published, remote_calls, served, shelf
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


def test_it_is_proved_where_only_the_owner_finds_it_in_the_list_or_it_tells_of_people() -> None:
    at = "GET /notes/{note_id}"
    assert sure_of(shelf(weak=["anonymous"]), CHECK) == {at: Confidence.PROVED}
    assert sure_of(undeclared(personal=True), CHECK) == {at: Confidence.PROVED}
    assert sure_of(shelf(lists="", weak=["anonymous"]), CHECK) == {at: Confidence.LIKELY}


def test_what_is_published_with_a_broken_list_is_not_proved() -> None:
    assert sure_of(published(), CHECK) == {}
    assert Confidence.PROVED not in sure_of(published(lists=False), CHECK).values()
