"""OBJ06 against small APIs: does a parent of one's own open the child of somebody else."""

from collections.abc import Callable

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.objects.nested import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.objects.shapes import NOTE, below_parents
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf


def below_checked(*, weak: bool, ids: str = "integer", answer: str = "record") -> Callable[[], Pair]:
    """Return a maker of an API with notes below folders; a weak one looks at the folder alone."""

    def make() -> Pair:
        api = SmallApi()
        folders = Shelf(api, "folders", fields=("name",), brief=("id", "name")).offer("list", "make", "read")
        notes = Shelf(api, ids=ids, answer=answer, weak=("read",) if weak else ())

        def below(handler: Callable[[Call], Json]) -> Callable[[Call], Json]:
            def handle(call: Call) -> Json:
                folder = folders.records.get(call.path["folder_id"])
                if folder is None or folder["owner"] != call.me:
                    raise RefusalError(404)
                rest = {key: value for key, value in call.path.items() if key != "folder_id"}
                return handler(Call(call.caller, rest, call.query, call.data))

            return handle

        path = "/folders/{folder_id}/notes"
        api.route("GET", path, below(notes.show_list))
        api.route("POST", path, below(notes.make), body=NOTE)
        api.route("GET", f"{path}/{{note_id}}", below(notes.read))
        return api.pair()

    return make


TRIGGERS: tuple[Case, ...] = (
    ("numbers", below_checked(weak=True)),
    ("long identifiers", below_checked(weak=True, ids="uuid")),
    ("encoded identifiers, wrapped answers", below_checked(weak=True, ids="base64", answer="wrapped")),
)
SILENT: tuple[Case, ...] = (
    ("the child's owner is checked", below_checked(weak=False)),
    ("the child's owner is checked, long identifiers", below_checked(weak=False, ids="uuid")),
    ("nothing is checked, which OBJ01 says", below_parents(weak=True)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_what_a_parent_of_ones_own_opens(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_it_opens_nothing(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_without_a_second_account_nothing_is_said() -> None:
    app, description = below_checked(weak=True)()
    del description["paths"]["/register"]
    scanned = scan_app(app, description, [CHECK])
    assert scanned.outcome("OBJ06", "GET /folders/{folder_id}/notes/{note_id}") is Outcome.NOT_RUN
