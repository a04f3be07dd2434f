"""OBJ07 against small APIs: does a list of identifiers open what belongs to others."""

from collections.abc import Callable

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.objects.batch import CHECK
from apiward.scan.level import Level
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf

ITEMS = {"type": "array", "items": {"type": "integer"}}


def looking_up(
    *, weak: str = "", name: str = "note_ids", by_query: bool = False, loud: bool = False
) -> Callable[[], Pair]:
    """Return a maker of an API that shows several notes; `weak`: it looks at none ("all") or at the first ("first")."""

    def make() -> Pair:
        api = SmallApi()
        notes = Shelf(api).offer("list", "make", "read")

        def show(call: Call) -> Json:
            me = call.me
            wanted = call.query.get(name, "").split(",") if by_query else [str(one) for one in call.data[name]]
            found = [notes.records[one] for one in wanted if one in notes.records]
            foreign = [note for note in found[: 1 if weak == "first" else None] if note["owner"] != me]
            if foreign and weak != "all" and loud:
                raise RefusalError(403)
            return [note for note in found if weak or note["owner"] == me]

        if by_query:
            api.route("GET", "/notes/several", show, query=[name])
            api.paths["/notes/several"]["get"]["parameters"][0]["schema"] = ITEMS
            api.paths["/notes/several"]["get"]["parameters"][0] |= {"style": "form", "explode": False}
        else:
            api.route("POST", "/notes/lookup", show, body={name: "array"})
            _lists(api, "/notes/lookup", name)
        return api.pair()

    return make


def filing(*, weak: bool, quiet: bool = True) -> Callable[[], Pair]:
    """Return a maker of an API that files several notes away; all it says is how many."""

    def make() -> Pair:
        api = SmallApi()
        notes = Shelf(api, extra={"is_filed": False}).offer("list", "make", "read")

        def file(call: Call) -> Json:
            me = call.me
            found = [notes.records[str(one)] for one in call.data["ids"] if str(one) in notes.records]
            if not weak and not quiet and any(note["owner"] != me for note in found):
                raise RefusalError(404)
            for note in found:
                note["is_filed"] = note["is_filed"] or weak or note["owner"] == me
            return {"count": len(call.data["ids"])}

        api.route("POST", "/notes/file-away", file, body={"ids": "array"})
        _lists(api, "/notes/file-away", "ids")
        return api.pair()

    return make


def _lists(api: SmallApi, path: str, name: str) -> None:
    schema = api.paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"][name] = ITEMS


TRIGGERS: tuple[Case, ...] = (
    ("none is looked at", looking_up(weak="all")),
    ("the first is looked at", looking_up(weak="first", loud=True)),
    ("a plain name", looking_up(weak="all", name="ids")),
    ("in the query", looking_up(weak="all", name="ids", by_query=True)),
    ("something is done, and not shown", filing(weak=True)),
)
SILENT: tuple[Case, ...] = (
    ("what is foreign is left out", looking_up()),
    ("what is foreign is refused", looking_up(loud=True)),
    ("in the query", looking_up(name="ids", by_query=True)),
    ("nothing is done", filing(weak=False)),
    ("all is refused", filing(weak=False, quiet=False)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_a_list_opens(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_it_opens_nothing(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_at_level_read_nothing_is_posted() -> None:
    app, description = looking_up(weak="all")()
    scanned = scan_app(app, description, [CHECK], level=Level.READ)
    assert scanned.outcome("OBJ07", "POST /notes/lookup") is Outcome.NOT_RUN
