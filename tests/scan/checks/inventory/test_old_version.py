from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.inventory.old_version import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi


def versions(
    described: str, *others: str, gone: bool = False, is_private: bool = False, any_version: bool = False
) -> Pair:
    """Return an API at one path, with undescribed twins at others; `gone` ones say so."""
    api = SmallApi()

    def read(call: Call) -> Json:
        return {"notes": [{"id": 1, "for": call.me if is_private else "all"}]}

    def ended(_: Call) -> Json:
        raise RefusalError(410, "this version has ended")

    api.route("GET", described, read, secured=is_private)
    for path in others:
        api.route("GET", path, ended if gone else read, secured=False, is_described=False)
    if any_version:
        api.route("GET", "/api/{version}/notes", read, secured=False, is_described=False)
    return api.pair()


def posts(*paths: str) -> Pair:
    """Return an API with the same log of hours at several paths; only the first is described."""
    api = SmallApi()
    for path in paths:
        api.route("POST", path, lambda _: {"status": "ok"}, body={"text": "string"}, is_described=path == paths[0])
    return api.pair()


def many_posts_before(*parts: str) -> Pair:
    """Return an API with much that is posted, and an older version of a part that comes last."""
    api = SmallApi()
    for number in range(9):
        for kind in ("start", "stop"):
            api.route("POST", f"/api/v2/log/{kind}-{number}", lambda _: {"status": "ok"}, body={"text": "string"})
    for part in parts:
        api.route("GET", f"/api/v2/{part}", lambda _: {"notes": [{"id": 1}]}, secured=False)
        api.route("GET", f"/api/v1/{part}", lambda _: {"notes": [{"id": 1}]}, secured=False, is_described=False)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("older, only for writing", partial(posts, "/api/v2/hours", "/api/v1/hours")),
    ("older, public", partial(versions, "/api/v2/notes", "/api/v1/notes")),
    ("older, for all who are logged in", partial(versions, "/api/v3/notes", "/api/v1/notes", is_private=True)),
    ("newer, version at the end", partial(versions, "/notes/v1", "/notes/v2")),
    ("beta", partial(versions, "/v1/notes", "/beta/notes")),
    ("older, of a part that comes last", partial(many_posts_before, "notes")),
)
SILENT: tuple[Case, ...] = (
    ("only one, only for writing", partial(posts, "/api/v2/hours")),
    ("only one", partial(versions, "/api/v2/notes")),
    ("the older one has ended", partial(versions, "/api/v2/notes", "/api/v1/notes", gone=True)),
    ("any version is the same", partial(versions, "/api/v2/notes", any_version=True)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_names_the_version_found() -> None:
    assert broken_at(TRIGGERS[1][1], CHECK) == {"GET /api/v1/notes"}


def test_nothing_is_written_to_find_a_route_that_only_takes_writing() -> None:
    assert broken_at(TRIGGERS[0][1], CHECK) == {"POST /api/v1/hours"}
