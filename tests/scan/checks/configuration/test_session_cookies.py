from collections.abc import Callable
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.core.account import Account, Credential
from apiward.core.api import Place
from apiward.core.verdict import Outcome
from apiward.scan.checks.configuration.session_cookies import CHECK
from tests.scan.checks.judged import broken_at
from tests.scan.harness import description, operation, scan_app
from tests.scan.small_api import Case, Pair

VALUE = "0a1b2c3d4e5f6a7b"


def setting(cookie: str) -> Pair:
    """Return an API that sets a cookie."""

    async def read(_: Request) -> Response:
        return JSONResponse({"a": 1}, headers={"Set-Cookie": cookie})

    return Starlette(routes=[Route("/thing", read)]), description({"/thing": {"get": operation()}})


TRIGGERS: tuple[Case, ...] = tuple(
    (name, partial(setting, f"{name}={VALUE}; Path=/; SameSite=Lax"))
    for name in ("sessionid", "PHPSESSID", "JSESSIONID", "connect.sid", "shop_session", "access_token", "__Host-sess")
)
SILENT: tuple[Case, ...] = (
    ("closed to scripts", partial(setting, f"sessionid={VALUE}; HttpOnly")),
    ("a token that pages send back", partial(setting, f"csrf_session={VALUE}")),
    ("something else", partial(setting, f"language={VALUE}")),
    ("a position", partial(setting, f"inside={VALUE}")),
    ("an end", partial(setting, "sessionid=; Max-Age=0")),
    ("a short value", partial(setting, "session=yes")),
    ("no cookie", partial(setting, "no cookie at all")),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK) == {"the whole API"}


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert not broken_at(make, CHECK)


def said_of(cookie: str) -> str:
    """Return what is said of a cookie that an account of the scan uses."""
    app, described = setting(cookie)
    named = cookie.partition("=")[0]
    account = Account(name="anna", credential=Credential(Place.COOKIE, named, VALUE))
    (item,) = scan_app(app, described, [CHECK], accounts=[account]).report.items
    return item.saw if item.outcome is Outcome.BROKEN else ""


def test_a_cookie_that_the_scan_itself_uses_is_judged_whatever_its_name() -> None:
    assert said_of(f"x={VALUE}; HttpOnly; SameSite=Lax") == ""
    assert "no HttpOnly" in said_of(f"x={VALUE}; SameSite=Lax")
    assert "names no SameSite" in said_of(f"x={VALUE}; HttpOnly")
    assert "SameSite=None" in said_of(f"x={VALUE}; HttpOnly; SameSite=None; Secure")
    assert "all hosts below test" in said_of(f"x={VALUE}; HttpOnly; SameSite=Lax; Domain=.test")
