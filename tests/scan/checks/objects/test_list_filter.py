"""OBJ08 against small APIs: does a list heed a name that nobody offered."""

from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.core.verdict import Outcome
from apiward.scan.checks.objects.list_filter import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi
from tests.scan.small_shelf import Shelf


def filtered(
    *, heeds: str = "", by: str = "id", strict: int = 0, public: bool = False, echoes: bool = False
) -> Callable[[], Pair]:
    """Return a maker of an API whose list heeds a query field; a `strict` one refuses others with that status.

    `echoes`: the answer repeats the query, as links to itself do.
    """

    def make() -> Pair:
        api = SmallApi()
        notes = Shelf(api, lists="all" if public else "own").offer("make", "read")

        def show(call: Call) -> Json:
            unknown = set(call.query) - {heeds}
            if strict and unknown:
                raise RefusalError(strict, f"unknown: {', '.join(unknown)}")
            asked = call.query.get(heeds) if heeds else None
            named = [name for name, user in api.users.items() if str(user[by]) == asked]
            wanted = (named or ["nobody"])[0] if asked else call.me
            found = [note for note in notes.records.values() if public or note["owner"] == wanted]
            return {"self": dict(call.query), "notes": found} if echoes else found

        api.route("GET", "/notes", show)
        return api.pair()

    return make


def by_header(*, weak: bool) -> Callable[[], Pair]:
    """Return a maker of an API whose list believes a header."""

    def make() -> Pair:
        api = SmallApi()
        notes = Shelf(api).offer("make", "read")
        api.route("GET", "/notes", lambda _: None)
        app, document = api.pair()

        async def show(request: Request) -> Response:
            me = api.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
            if me is None:
                return JSONResponse({"detail": "log in"}, 401)
            asked = request.headers.get("x-user-id") if weak else None
            wanted = next((name for name, user in api.users.items() if str(user["id"]) == asked), None)
            wanted = me if asked is None else wanted
            return JSONResponse([note for note in notes.records.values() if note["owner"] == wanted])

        app.router.routes.insert(0, Route("/notes", show, methods=["GET"]))  # type: ignore[attr-defined]
        return app, document

    return make


TRIGGERS: tuple[Case, ...] = (
    ("by number", filtered(heeds="user_id")),
    ("by name, as the records show it", filtered(heeds="owner", by="username")),
    ("by address", filtered(heeds="email", by="email")),
    ("other fields are refused", filtered(heeds="owner", by="username", strict=400)),
    ("in a header", by_header(weak=True)),
)
SILENT: tuple[Case, ...] = (
    ("one's own alone", filtered()),
    ("one's own alone, others refused", filtered(strict=400)),
    ("one's own alone, and the query is repeated", filtered(echoes=True)),
    ("headers are not believed", by_header(weak=False)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_lists_that_heed_a_name(case: Case) -> None:
    assert "GET /notes" in broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_the_session_decides(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert "GET /notes" in looked_at(case[1], CHECK)


def test_what_everybody_sees_is_nobodys_alone() -> None:
    assert not broken_at(filtered(heeds="user_id", public=True), CHECK)


def test_an_error_of_the_server_is_no_refusal() -> None:
    app, description = filtered(strict=500)()
    assert scan_app(app, description, [CHECK]).outcome("OBJ08", "GET /notes") is Outcome.UNSURE
