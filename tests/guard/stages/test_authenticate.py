import asyncio
from collections.abc import Awaitable

from apiward.core.api import Operation
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.principal import ANONYMOUS, Principal, PrincipalKind
from apiward.core.settings import NoSettings
from apiward.guard.stages.authenticate import Authenticate
from tests.guard.calls import NOW_S, FakeAuthenticator, FakeBlocks, answer, call, parts

ANNA = Principal(PrincipalKind.USER, "anna", is_verified=True)
EXPIRED = Decision("authenticate.token-expired")


class Waits(FakeAuthenticator):
    """Must ask somebody else."""

    def authenticate(self, call: Call) -> Awaitable[Principal | Decision]:  # type: ignore[override]
        """Answer later."""

        async def later() -> Principal | Decision:
            await asyncio.sleep(0)
            return self.said

        return later()


def _stage(authenticator: FakeAuthenticator) -> Authenticate:
    return Authenticate(NoSettings(), parts(authenticator=authenticator))


def test_who_calls_is_noted() -> None:
    request = call()
    assert _stage(FakeAuthenticator(ANNA)).on_head(request) is None
    assert request.principal is ANNA


def test_what_is_no_good_is_refused() -> None:
    request = call()
    assert _stage(FakeAuthenticator(EXPIRED)).on_head(request) is EXPIRED
    assert request.principal is ANONYMOUS


def test_another_service_is_waited_for() -> None:
    async def judged(said: Principal | Decision) -> tuple[object, Principal]:
        request = call()
        waiting = _stage(Waits(said)).on_head(request)
        assert isinstance(waiting, Awaitable)
        return await waiting, request.principal

    assert asyncio.run(judged(ANNA)) == (None, ANNA)
    assert asyncio.run(judged(EXPIRED)) == (EXPIRED, ANONYMOUS)


def test_answers_are_shown_once() -> None:
    authenticator = FakeAuthenticator()
    stage, request, given = _stage(authenticator), call("POST", "/log-in"), answer(json={"token": "x"})
    stage.on_answer_body(request, given)
    stage.on_answer_head(request, given)
    assert authenticator.learned == [(request, given)]
    stage.on_answer_head(call("GET", "/log-out"), given)
    assert len(authenticator.learned) == 2


def test_only_what_may_be_a_log_in_is_looked_at() -> None:
    stage = _stage(FakeAuthenticator())
    assert "wants_answer" in stage.silent_phases(Operation("GET", "/a"))
    assert "wants_answer" not in stage.silent_phases(Operation("POST", "/a"))
    assert "wants_answer" not in stage.silent_phases(None)
    assert {"wants_body", "on_body"} <= stage.silent_phases(None)
    assert not stage.wants_body(call())
    assert stage.on_body(call()) is None
    assert not stage.wants_answer(call(), answer())


def test_who_is_shut_out_is_refused_for_that_time_also_by_a_guard_that_only_watches() -> None:
    blocks = FakeBlocks()
    blocks.block("user:anna", reason="guessed passwords", until_s=NOW_S + 60)
    for authenticator in (FakeAuthenticator(ANNA), Waits(ANNA)):
        stage = Authenticate(NoSettings(), parts(authenticator=authenticator, blocks=blocks))
        decision = asyncio.run(_said(stage, call()))
        assert isinstance(decision, Decision)
        assert (decision.rule, decision.saw, decision.is_ordered) == (
            "authenticate.shut-out",
            "guessed passwords",
            True,
        )
        assert asyncio.run(_said(stage, call(started_s=NOW_S + 61))) is None
    others = (ANONYMOUS, Principal(PrincipalKind.KEY, "anna"))
    for other in others:
        assert Authenticate(NoSettings(), parts(authenticator=FakeAuthenticator(other), blocks=blocks)).on_head(
            call()
        ) is (None)


def test_all_of_one_customer_are_shut_out_together_and_nobody_else() -> None:
    blocks = FakeBlocks()
    blocks.block("tenant:acme", reason="their key leaked", until_s=NOW_S + 60)

    def said(principal: Principal) -> object:
        stage = Authenticate(NoSettings(), parts(authenticator=FakeAuthenticator(principal), blocks=blocks))
        return stage.on_head(call())

    refused = said(Principal(PrincipalKind.USER, "anna", claims={"org": "acme"}))
    assert isinstance(refused, Decision)
    assert (refused.rule, refused.place, refused.saw) == ("authenticate.shut-out", "tenant", "their key leaked")
    for other in (ANNA, ANONYMOUS, Principal(PrincipalKind.USER, "acme", claims={"org": "other"})):
        assert said(other) is None


async def _said(stage: Authenticate, request: Call) -> object:
    said = stage.on_head(request)
    return await said if isinstance(said, Awaitable) else said
