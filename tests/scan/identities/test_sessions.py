"""Sessions are renewed before they end and when they have ended."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from apiward.core.account import Account, Credential
from apiward.core.api import Operation, Place
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.personas import Persona
from apiward.scan.identities.sessions import Session, token_claims
from apiward.scan.scene import Scene
from tests.scan.door import Door
from tests.scan.harness import scan_app

PERSONA = Persona("wabc", "wabc@example.com", "Kq7!x", "555", "Ann Wabc")
MAIN = frozenset({"way"})


@dataclass
class Time:
    """A clock that a test moves."""

    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s

    def pass_by(self) -> None:
        """Let a moment pass, as a request would take."""
        self.now_s += 0.3


@dataclass
class LogIn:
    """A log-in that gives tokens of a given life, or none at all."""

    time: Time
    life_s: float | None = None
    works: bool = True
    count: int = 0
    areas: list[frozenset[str]] = field(default_factory=list)

    async def __call__(self, _: Session, area: frozenset[str]) -> Credential | None:
        await asyncio.sleep(0)
        self.count += 1
        self.areas.append(area)
        ends = None if self.life_s is None else self.time() + self.life_s
        return _token(f"token-{self.count}", ends) if self.works else None


def _token(value: str, ends_s: float | None = None) -> Credential:
    return Credential(Place.HEADER, "Authorization", value, "Bearer ", ends_s)


def _session(log_in: LogIn, credential: Credential) -> Session:
    session = Session(Account("a", "wabc"), PERSONA, log_in=log_in, clock=log_in.time)
    session.take(MAIN, credential)
    return session


def test_a_token_is_renewed_before_it_ends_and_not_sooner() -> None:
    time = Time()
    log_in = LogIn(time, life_s=60.0)
    session = _session(log_in, _token("token-0", time() + 60.0))
    asyncio.run(session.current())
    assert log_in.count == 0
    time.now_s += 50.0
    shown = asyncio.run(session.current())
    assert shown is not None
    assert (log_in.count, shown.value) == (1, "token-1")
    assert {"token-0", "token-1"} <= session.secrets


def test_a_token_of_two_seconds_is_not_renewed_at_every_call() -> None:
    time = Time()
    log_in = LogIn(time, life_s=2.0)
    session = _session(log_in, _token("token-0", time() + 2.0))
    for _ in range(30):
        time.pass_by()
        shown = asyncio.run(session.current())
        assert shown is not None
        assert shown.expires_s is not None
        assert shown.expires_s > time()
    assert 3 <= log_in.count <= 7


def test_a_log_in_that_fails_keeps_the_old_credential() -> None:
    time = Time()
    session = _session(LogIn(time, works=False), _token("token-0", time() + 60.0))
    time.now_s += 70.0
    shown = asyncio.run(session.current())
    assert shown is not None
    assert shown.value == "token-0"


def test_many_who_find_the_session_over_log_in_once() -> None:
    log_in = LogIn(Time())
    old = _token("token-0")
    session = _session(log_in, old)

    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(session.renew(old) for _ in range(20)))

    assert asyncio.run(all_at_once()) == [True] * 20
    assert log_in.count == 1


def test_each_area_has_its_own_credential() -> None:
    time = Time()
    log_in = LogIn(time, life_s=60.0)
    shop = frozenset({"shop"})
    session = _session(log_in, _token("main", time() + 1_000.0))
    session.take(shop, _token("shop", time() + 60.0))
    time.now_s += 59.0
    shown = asyncio.run(session.current(shop))
    assert shown is not None
    assert (shown.value, log_in.areas) == ("token-1", [shop])
    assert session.credential is not None
    assert session.credential.value == "main"
    assert session.credential_for(frozenset({"unknown"})) is session.credential


@pytest.mark.parametrize("says_when_it_ends", [True, False])
def test_tokens_of_two_seconds_last_for_a_whole_scan(says_when_it_ends: bool) -> None:  # noqa: FBT001
    time = Time()
    more = {"expires_in": 2} if says_when_it_ends else {}
    made = Door(
        life_s=2.0,
        clock=time,
        on_call=time.pass_by,
        answers_log_in=lambda token: JSONResponse({"token": token, **more}),
    )
    app, description = made.pair()
    scanned = scan_app(app, description, [], clock=time)
    assert len(scanned.scene.users) == 2
    assert time() - 1_000.0 > 4.0, "the scan is longer than a token's life"
    assert {"GET /me", "GET /notes"} <= set(scanned.report.operations_answered)
    assert 3 <= len(made.log_ins) <= 20


REFUSALS: dict[str, Callable[[], Response]] = {
    "401": lambda: JSONResponse({"detail": "log in"}, 401),
    "403": lambda: JSONResponse({"detail": "session expired"}, 403),
    "302": lambda: RedirectResponse("/login", 302),
    "200": lambda: JSONResponse({"status": "fail", "message": "Your token has expired"}),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_an_answer_that_means_logged_out_leads_to_one_new_log_in(refusal: str) -> None:
    made = Door(refusal=REFUSALS[refusal])
    app, description = made.pair()
    scanned = scan_app(app, description, [_Look(made).check])
    assert scanned.said("X01", "GET /notes") == "served again after 1 log-in"


def test_an_area_that_was_never_entered_says_nothing_about_log_outs() -> None:
    made = Door()
    app, description = made.pair()
    description["components"]["securitySchemes"]["key"] = {"type": "apiKey", "in": "header", "name": "x-partner"}
    description["paths"]["/stock"] = {"get": {"responses": {"200": {"description": "ok"}}, "security": [{"key": []}]}}

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        is_stock = scope["type"] == "http" and scope["path"] == "/stock"
        await (JSONResponse({"detail": "no key"}, 401) if is_stock else app)(scope, receive, send)

    async def ask(scene: Scene, operation: Operation) -> Verdict:
        before = len(made.log_ins)
        for _ in range(5):
            await scene.call(operation, scene.arguments(operation, scene.owner), scene.owner)
        return Saying("X02", operation.key).holds(f"{len(made.log_ins) - before} log-ins")

    scanned = scan_app(guarded, description, [Check("X02", lambda _, op: op.key == "GET /stock", ask)])
    assert scanned.said("X02", "GET /stock") == "0 log-ins"


@dataclass
class _Look:
    """A check that ends all tokens behind the scanner's back and calls once more."""

    door: Door

    @property
    def check(self) -> Check:
        return Check("X01", lambda _, op: op.key == "GET /notes", self.run)

    async def run(self, scene: Scene, operation: Operation) -> Verdict:
        before = len(self.door.log_ins)
        self.door.tokens.clear()
        exchange = await scene.call(operation, scene.arguments(operation, scene.owner), scene.owner)
        word = "served again" if '"notes"' in exchange.text else "lost"
        return Saying("X01", operation.key).holds(f"{word} after {len(self.door.log_ins) - before} log-in")


def test_claims_of_a_token_are_read_without_verifying_it() -> None:
    assert token_claims("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4iLCJleHAiOjF9.x") == {"sub": "ann", "exp": 1}


@given(st.text(max_size=60) | st.from_regex(r"[\w-]{1,9}\.[\w-]{1,30}\.[\w-]{0,9}", fullmatch=True))
def test_any_text_is_a_token_or_none(text: str) -> None:
    claims = token_claims(text)
    assert claims is None or isinstance(claims, dict)
