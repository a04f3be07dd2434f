import asyncio
import json
import re
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.catalogue.loading import load_catalogue
from apiward.core import exchange
from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.injection.sql import CHECK
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.spec.reading import read_description
from tests.scan.checks.injection import sql_shop
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.senders import Waits
from tests.scan.small_api import Case, Pair, SmallApi

TRIGGERS: tuple[Case, ...] = (
    ("text in the path, an error is 500", partial(sql_shop.by_title, weak=True)),
    ("text in the path, an error looks like not found", partial(sql_shop.by_title, weak=True, quiet=True)),
    ("text in the path, always 200", partial(sql_shop.by_title, weak=True, quiet=True, always_200=True)),
    ("number in the path", partial(sql_shop.by_number, weak=True)),
    ("number in brackets", partial(sql_shop.by_number, weak=True, in_brackets=True)),
    ("part of a LIKE, always a list", partial(sql_shop.by_search, weak=True)),
    ("a filter whose values are nowhere shown", partial(sql_shop.by_hidden_filter, weak=True)),
    ("a column to sort by", partial(sql_shop.by_order, weak=True)),
    ("nested JSON, failures have status 200", partial(sql_shop.by_nested_body, weak=True)),
    ("only time tells, JSON", partial(sql_shop.by_time_only, weak=True)),
    ("only time tells, form", partial(sql_shop.by_time_only, weak=True, uses_form=True)),
    ("a deletion", partial(sql_shop.deleting, weak=True)),
    ("a change, failures have status 200", partial(sql_shop.updating, weak=True)),
    ("an addition, each title once", partial(sql_shop.inserting, weak=True)),
    ("log-in with errors", partial(sql_shop.by_log_in, weak=True, quiet=False)),
    ("log-in without errors", partial(sql_shop.by_log_in, weak=True, quiet=True)),
)
SILENT: tuple[Case, ...] = (
    ("text in the path", partial(sql_shop.by_title, weak=False)),
    ("text in the path, always 200", partial(sql_shop.by_title, weak=False, quiet=True, always_200=True)),
    ("number in the path", partial(sql_shop.by_number, weak=False)),
    ("part of a LIKE", partial(sql_shop.by_search, weak=False)),
    ("a filter whose values are nowhere shown", partial(sql_shop.by_hidden_filter, weak=False)),
    ("a column to sort by", partial(sql_shop.by_order, weak=False)),
    ("nested JSON", partial(sql_shop.by_nested_body, weak=False)),
    ("the same answer always", partial(sql_shop.by_time_only, weak=False)),
    ("a deletion", partial(sql_shop.deleting, weak=False)),
    ("a change, failures have status 200", partial(sql_shop.updating, weak=False)),
    ("an addition, each title once", partial(sql_shop.inserting, weak=False)),
    ("log-in", partial(sql_shop.by_log_in, weak=False, quiet=False)),
    ("a search that drops all signs", sql_shop.like_a_tokeniser),
    ("a crash on every quote", sql_shop.crashing_on_quotes),
    ("digits at the beginning count", sql_shop.reading_leading_digits),
    ("a filter in front", sql_shop.behind_a_filter),
    ("answers that always change", sql_shop.changing_with_each_call),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_at_level_read_nothing_is_written() -> None:
    api = SmallApi()
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        api.route(method, "/books/{title}", lambda _: {"status": "ok"}, body={"author": "string"}, secured=False)
    app, described = api.pair()
    scanned = scan_app(app, described, [CHECK], level=Level.READ)
    assert not [call for call in api.calls if call[0] != "GET"]
    assert scanned.outcome("INJ01", "PUT /books/{title}") is Outcome.NOT_RUN


def _with_own_header(*, weak: bool) -> Pair:
    """Return an API that takes its token from a header of its own, and looks it up in a table."""
    base = SmallApi(prefix="")
    table = sqlite3.connect(":memory:", check_same_thread=False)
    table.execute("CREATE TABLE tokens (token TEXT)")

    def known(token: str) -> bool:
        if weak:
            return bool(table.execute(f"SELECT * FROM tokens WHERE token = '{token}'").fetchall())
        return bool(table.execute("SELECT * FROM tokens WHERE token = ?", (token,)).fetchall())

    async def reserve(request: Request) -> Response:
        is_known = known(request.headers.get("x-auth-token", ""))
        return JSONResponse({"status": "ok"} if is_known else {"message": "no"}, 200 if is_known else 401)

    async def enter(request: Request) -> Response:
        token = f"tok-{len(await request.body())}-abcdef012345"
        table.execute("INSERT INTO tokens VALUES (?)", (token,))
        return JSONResponse({"token": token})

    base.route("POST", "/widgets", lambda _: None, body={"name": "string"}, secured=False)
    _, described = base.pair()
    header = {"name": "X-Auth-Token", "in": "header", "schema": {"type": "string"}}
    described["paths"]["/widgets"]["post"]["parameters"].append(header)
    described["components"]["securitySchemes"]["bearer"] = {"type": "apiKey", "in": "header", "name": "X-Auth-Token"}
    routes = [Route("/login", enter, methods=["POST"]), Route("/widgets", reserve, methods=["POST"])]
    return Starlette(routes=routes), described


@pytest.mark.parametrize("weak", [True, False])
def test_the_header_that_carries_the_credential_is_tried_without_it(weak: bool) -> None:  # noqa: FBT001
    app, described = _with_own_header(weak=weak)
    given = (Account("Ann", "ann", "pw-ann-77"),)
    scanned = scan_app(app, described, [CHECK], accounts=given)
    assert scanned.scene.users
    assert (("INJ01", "POST /widgets") in scanned.broken()) is weak


@dataclass
class Machine:
    """A weak API without a network, on a machine of some speed: it says how long a count of rows took."""

    row_s: float
    noise_s: tuple[float, ...] = (0.0,)
    count: int = 0

    async def send(self, request: exchange.Request, *, timeout_s: float | None = None) -> exchange.Exchange:
        """Answer as always; late where a count of rows stands in the text."""
        took_s = 0.001
        rows = re.search(rb"WHERE x<(\d+)", request.body)
        if rows:
            self.count += 1
            took_s += int(rows[1]) * self.row_s + self.noise_s[self.count % len(self.noise_s)]
        if timeout_s is not None and took_s > timeout_s:
            return exchange.Exchange(request, failure=exchange.Failure.TIMEOUT, elapsed_s=timeout_s)
        status = 202 if request.url.endswith("/newsletter") else 404
        head = (("content-type", "application/json"),)
        return exchange.Exchange(request, exchange.Response(status, head, b'{"status": "ok"}'), elapsed_s=took_s)

    async def outcome(self) -> Outcome:
        """Scan it."""
        api = SmallApi(has_accounts=False)
        api.route("POST", "/newsletter", lambda _: None, body={"email": "string"}, secured=False)
        _, described = api.pair()
        described_api = read_description(json.dumps(described).encode(), source="http://api.test/openapi.json")
        scan = Scan(
            described_api,
            "http://api.test",
            [CHECK],
            ScanSettings(level=Level.FULL),
            sender=self,
            catalogue=load_catalogue(),
            clock=time.time,
            wait=Waits(),
        )
        report = await scan.run()
        return next(item.outcome for item in report.items if item.check == "INJ01")


@pytest.mark.parametrize("row_s", [3e-7, 1e-6, 4e-6, 1e-5], ids=["quick", "usual", "slow", "very slow"])
def test_a_count_is_seen_on_quick_and_slow_machines(row_s: float) -> None:
    assert asyncio.run(Machine(row_s).outcome()) is Outcome.BROKEN


def test_times_that_jump_are_no_proof_and_no_pass() -> None:
    assert asyncio.run(Machine(0.0, noise_s=(0.9, 0.5, 1.3)).outcome()) is Outcome.UNSURE


def test_where_nothing_is_counted_time_stays() -> None:
    assert asyncio.run(Machine(0.0).outcome()) is Outcome.HOLDS
