from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from apiward.scan.checks.configuration.cors_trust import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Case, Pair

SITE = "https://www.shop.test"


def trusting(rule: Callable[[str], bool], *, with_credentials: bool = True, always: str = "") -> Pair:
    """Return an API that names an origin as trusted where the rule says so, else `always`."""

    async def read(request: Request) -> JSONResponse:
        origin = request.headers.get("origin", "")
        named = origin if origin and rule(origin) else always
        headers = {"Access-Control-Allow-Origin": named} if named else {}
        if with_credentials:
            headers["Access-Control-Allow-Credentials"] = "true"
        return JSONResponse({"a": 1}, headers=headers)

    return Starlette(routes=[Route("/thing", read)]), description({"/thing": {"get": operation()}})


TRIGGERS: tuple[Case, ...] = (
    ("everybody", partial(trusting, lambda _: True)),
    ("names that begin like ours", partial(trusting, lambda origin: origin.startswith("http://api.test"))),
    ("names that begin like the site", partial(trusting, lambda origin: origin.startswith(SITE), always=SITE)),
    ("names that end like ours", partial(trusting, lambda origin: origin.endswith("api.test"))),
    ("null", partial(trusting, lambda origin: origin == "null")),
    ("unencrypted pages", partial(trusting, lambda origin: origin == "http://www.shop.test", always=SITE)),
)
SILENT: tuple[Case, ...] = (
    ("nobody", partial(trusting, lambda _: False)),
    ("our own site", partial(trusting, lambda origin: origin in (SITE, "http://api.test"), always=SITE)),
    ("everybody, without credentials", partial(trusting, lambda _: True, with_credentials=False)),
    ("a star", partial(trusting, lambda _: False, with_credentials=False, always="*")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
