from collections.abc import Callable
from functools import partial

import pytest

from apiward.scan.checks.resources.page_size import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi


def listing(
    rows: int,
    *,
    usual: int = 20,
    most: int | None = None,
    refuses: bool = False,
    echoes: bool = False,
    name: str = "limit",
    described_most: int | None = None,
    nested: bool = False,
) -> Pair:
    """Return an API with a list of rows; `most` is the largest page it gives (None: any)."""
    api = SmallApi()

    def read(call: Call) -> Json:
        size = int(call.query.get(name, usual))
        if refuses and most is not None and size > most:
            raise RefusalError(422, "too many")
        size = size if most is None else min(size, most)
        shown = [{"id": number, "tags": ["a", "b"]} for number in range(min(size, rows))]
        if not nested and not echoes:
            return shown
        return {"data": {"items": shown}, "meta": {name: size, "total": rows}} if echoes else {"data": {"items": shown}}

    api.route("GET", "/items", read, query=[name], secured=False)
    schema: Json = {"type": "integer"} | ({"maximum": described_most} if described_most else {})
    api.paths["/items"]["get"]["parameters"][0]["schema"] = schema
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("more than described", partial(listing, 80, described_most=50)),
    ("far more than without it", partial(listing, 400)),
    ("nested, another name", partial(listing, 400, name="per_page", nested=True)),
    ("few rows, but said", partial(listing, 8, usual=5, echoes=True)),
)
SILENT: tuple[Case, ...] = (
    ("cut to the maximum described", partial(listing, 400, most=50, described_most=50)),
    ("cut", partial(listing, 400, most=20)),
    ("cut, larger than usual", partial(listing, 400, most=100)),
    ("refused", partial(listing, 400, most=50, refuses=True)),
    ("cut and said", partial(listing, 400, most=100, echoes=True)),
)


def test_few_entries_are_no_proof() -> None:
    assert not broken_at(partial(listing, 30), CHECK)
    assert not looked_at(partial(listing, 30), CHECK)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {"GET /items"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert not broken_at(make, CHECK)
