"""A door before the small shop: what comes past it in an odd way is taken for the boss's, as behind a bad proxy."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.api import Check
from tests.scan.checks.functions.cases import BOSS_ACCOUNT
from tests.scan.checks.functions.staff_api import BOSS, staff_api
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import Case, Pair

Trick: TypeAlias = Callable[[Scope], Scope | None]
"""What the door makes of a request, or None where it is an ordinary one."""
TOKEN = b"the-boss-is-in"
AT = "GET /admin/users"


def headers_of(scope: Scope) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in scope["headers"]}


def moved(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode()}


def behind(trick: Trick, **options: object) -> Callable[[], Pair]:
    """Return a maker of the shop with a door that reads requests by `trick`."""

    def make() -> Pair:
        api = staff_api(**options)  # type: ignore[arg-type]  # a wrong option fails at once
        api.tokens[TOKEN.decode()] = BOSS[0]
        app, described = api.pair()
        return _door(app, trick), described

    return make


def _door(app: ASGIApp, trick: Trick) -> ASGIApp:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        made = trick(scope)
        if made is not None and "authorization" in headers_of(scope):
            others = [(name, value) for name, value in scope["headers"] if name.lower() != b"authorization"]
            made = {**made, "headers": [*others, (b"authorization", b"Bearer " + TOKEN)]}
        await app(made or scope, receive, send)

    return served


def answers_all(trick: Trick) -> Callable[[], Pair]:
    """Return a maker of a shop that answers odd requests alike, whatever they ask for: no weakness."""

    def make() -> Pair:
        app, described = staff_api().pair()

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            if trick(scope) is None:
                await app(scope, receive, send)
                return
            await JSONResponse({"id": 4, "username": "shop", "role": "page"})(scope, receive, send)

        return served, described

    return make


def plain(scope: Scope) -> Scope | None:
    """A door that reads every request as it is."""
    return None


def twins(
    check: Check, triggers: Sequence[Case], silent: Sequence[Case], at: str = AT
) -> tuple[Callable[[Case], None], Callable[[Case], None]]:
    """Return the two tests of a check: that it finds each way around, and nothing where every way is refused."""

    @pytest.mark.parametrize("case", triggers, ids=lambda case: case[0])
    def finds(case: Case) -> None:
        assert_found(case[1], check, at)

    @pytest.mark.parametrize("case", silent, ids=lambda case: case[0])
    def is_silent(case: Case) -> None:
        assert_not_found(case[1], check, at)

    return finds, is_silent


def assert_found(make: Callable[[], Pair], check: Check, at: str = AT) -> None:
    """It is found, and proved where a staff account is there to compare with."""
    scanned = scan_app(*make(), [check], accounts=[BOSS_ACCOUNT])
    assert (check.code, at) in scanned.broken(), _said(scanned)
    assert {finding.confidence for finding in scanned.report.findings} == {Confidence.PROVED}
    assert all(finding.evidence.control is not None for finding in scanned.report.findings)


def assert_not_found(make: Callable[[], Pair], check: Check, at: str = AT) -> None:
    """Nothing is found, without a staff account to tell better, and the check has looked."""
    scanned = scan_app(*make(), [check])
    assert not scanned.broken(), _said(scanned)
    assert scanned.outcome(check.code, at) is Outcome.HOLDS, _said(scanned)


def _said(scanned: Scanned) -> list[tuple[str, str]]:
    return [(item.operation, item.saw) for item in scanned.report.items]
