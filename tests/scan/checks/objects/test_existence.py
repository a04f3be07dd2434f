"""OBJ09 against small APIs: do refusals tell which objects of others exist."""

from collections.abc import Callable

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.objects.existence import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf


def refusing(foreign: int, missing: int, *, ids: str = "integer", lists: str = "own") -> Callable[[], Pair]:
    """Return a maker of an API that refuses what is somebody else's, and what is not there, with these statuses."""

    def make() -> Pair:
        api = SmallApi()
        notes = Shelf(api, ids=ids, lists=lists).offer("list", "make")

        def read(call: Call) -> Json:
            me = call.me
            note = notes.records.get(call.path["note_id"])
            if note is None or note["owner"] != me:
                raise RefusalError(missing if note is None else foreign)
            return note

        api.route("GET", "/notes/{note_id}", read)
        return api.pair()

    return make


TRIGGERS: tuple[Case, ...] = (
    ("numbers", refusing(403, 404)),
    ("names", refusing(403, 404, ids="slug")),
    ("short encoded numbers", refusing(403, 410, ids="base64")),
)
SILENT: tuple[Case, ...] = (
    ("both are not there", refusing(404, 404)),
    ("both are forbidden", refusing(403, 403)),
    ("all see them in a list", refusing(403, 404, lists="all")),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_refusals_that_tell(case: Case) -> None:
    assert broken_at(case[1], CHECK) == {"GET /notes/{note_id}"}


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_they_tell_nothing(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


@pytest.mark.parametrize(("foreign", "missing"), [(500, 404), (403, 500)])
def test_an_error_of_the_server_is_no_refusal(foreign: int, missing: int) -> None:
    app, description = refusing(foreign, missing)()
    assert scan_app(app, description, [CHECK]).outcome("OBJ09", "GET /notes/{note_id}") is Outcome.UNSURE


def test_what_nobody_can_guess_is_left_out() -> None:
    app, description = refusing(403, 404, ids="uuid")()
    assert scan_app(app, description, [CHECK]).outcome("OBJ09", "GET /notes/{note_id}") is Outcome.NOT_RUN
