"""The engine: order, levels, honest ends, and no trust in a check that fails or shows no control."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.catalogue.loading import load_catalogue
from apiward.core.api import DISCOVERED, LOOKING_AROUND, OTHER_SERVERS, Operation, Problem
from apiward.core.exchange import Failure
from apiward.core.scan_report import ScanReport
from apiward.core.verdict import Outcome, Verdict
from apiward.net.asgi import asgi_sender
from apiward.scan.api import Check, Saying
from apiward.scan.calling.traffic import Budget
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.events import Event, ItemDone, PhaseBegan
from apiward.scan.level import Level, Phase
from apiward.scan.scene import Scene
from apiward.spec.reading import read_description
from tests.scan.door import Door
from tests.scan.harness import Scanned, description, operation, scan_app
from tests.scan.senders import FakeSender, Waits, answer, fail
from tests.scan.small_api import SmallApi

PATHS: dict[str, Any] = {
    "/items": {"get": operation(), "post": operation(body={"title": "string"})},
    "/items/{item_id}": {"get": operation(path=("item_id",)), "delete": operation(path=("item_id",))},
    "/reset": {"get": operation(summary="Resets the database")},
}


@dataclass
class Shop:
    """A shop without log-in that keeps what it was asked to do."""

    asked: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """Return the app."""

        async def items(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.url.path}")
            return JSONResponse({"id": 5, "title": "a"})

        methods = ["GET", "POST", "DELETE"]
        return Starlette(routes=[Route("/{rest:path}", items, methods=methods)])


def _check(run: Callable[[Scene, Operation], Verdict], **more: Any) -> Check:  # noqa: ANN401
    async def called(scene: Scene, operation: Operation) -> Verdict:
        await asyncio.sleep(0)
        return run(scene, operation)

    return Check("OBJ01", lambda _, op: op.key == "GET /items", called, **more)


def _holds(_: Scene, operation: Operation) -> Verdict:
    return Saying("OBJ01", operation.key).holds("It holds.")


def _scanned(check: Check, **more: Any) -> Scanned:  # noqa: ANN401
    return scan_app(Shop().app(), description(PATHS), [check], **more)


async def _run(scan: Scan) -> ScanReport:
    return await scan.run()


def _made(
    sender: Any,  # noqa: ANN401
    checks: list[Check],
    listen: Callable[[Event], None] = lambda _: None,
    told: Mapping[str, Any] = MappingProxyType({}),
    **more: Any,  # noqa: ANN401
) -> Scan:
    api = replace(read_description(json.dumps(description(PATHS)).encode(), source="shop.json"), **told)
    settings = ScanSettings(**{"level": Level.FULL, **more})
    catalogue = load_catalogue()
    return Scan(
        api,
        "http://api.test",
        checks,
        settings,
        sender=sender,
        catalogue=catalogue,
        clock=lambda: 1_900_000_000.0,
        wait=Waits(),
        listen=listen,
    )


def test_a_check_that_fails_is_unsure_and_asks_to_be_reported() -> None:
    def fails(_: Scene, operation: Operation) -> Verdict:
        raise KeyError(operation.path)

    scanned = _scanned(_check(fails))
    assert scanned.outcome("OBJ01", "GET /items") is Outcome.UNSURE
    said = scanned.said("OBJ01", "GET /items")
    assert "KeyError" in said
    assert "please report it" in said


def _broken_without_control(scene: Scene, operation: Operation) -> Verdict:
    _, _, exchange = next(scene.exchanges_seen())
    return Saying("OBJ01", operation.key).broken("It was shown.", exchange)


def test_a_finding_without_its_control_is_no_finding() -> None:
    scanned = _scanned(_check(_broken_without_control))
    assert scanned.outcome("OBJ01", "GET /items") is Outcome.UNSURE
    assert scanned.report.findings == ()


def test_a_check_that_only_reads_what_answers_say_needs_no_control() -> None:
    scanned = _scanned(_check(_broken_without_control, is_passive=True))
    assert scanned.broken() == {("OBJ01", "GET /items")}


def test_a_check_above_the_level_is_not_run_and_says_which_it_needs() -> None:
    scanned = _scanned(_check(_holds, level=Level.WRITE), level=Level.READ)
    assert scanned.outcome("OBJ01", "GET /items") is Outcome.NOT_RUN
    assert "--level write" in scanned.said("OBJ01", "GET /items")


def test_at_level_read_nothing_but_reading_is_sent() -> None:
    shop = Shop()
    scan_app(shop.app(), description(PATHS), [], level=Level.READ)
    assert shop.asked
    assert all(line.startswith("GET ") for line in shop.asked)


def test_only_chosen_operations_are_checked() -> None:
    sender = FakeSender([answer()])
    chosen = frozenset({"POST /items"})
    report = asyncio.run(_run(_made(sender, [_check(_holds)], only_operations=chosen)))
    assert report.items == ()
    report = asyncio.run(_run(_made(sender, [_check(_holds)], only_operations=frozenset({"GET /items"}))))
    assert [item.operation for item in report.items] == ["GET /items"]


def test_dangerous_operations_are_left_alone_and_listed() -> None:
    shop = Shop()
    scanned = scan_app(shop.app(), description(PATHS), [])
    assert "GET /reset" not in shop.asked
    assert [key for key, _ in scanned.report.left_alone] == ["GET /reset"]


def test_dangerous_operations_are_called_with_consent() -> None:
    sender = FakeSender([answer()])
    report = asyncio.run(_run(_made(sender, [], allow_dangerous=True)))
    assert report.left_alone == ()
    assert any(request.url.endswith("/reset") for request in sender.sent)


def test_phases_run_in_their_order_and_are_announced() -> None:
    order: list[Phase] = []

    def noted(phase: Phase) -> Check:
        def run(_: Scene, operation: Operation) -> Verdict:
            order.append(phase)
            return _holds(_, operation)

        return _check(run, phase=phase)

    heard: list[Event] = []
    scan = _made(FakeSender([answer()]), [noted(phase) for phase in reversed(Phase)], heard.append)
    asyncio.run(_run(scan))
    assert order == sorted(Phase)
    assert all(event.name for event in heard if isinstance(event, PhaseBegan))
    done = [event for event in heard if isinstance(event, ItemDone)]
    assert len(done) == len(Phase)
    assert done[-1].sent_count > 0


def test_a_stop_ends_soon_cleans_up_and_says_so() -> None:
    shop = Shop()
    scans: list[Scan] = []

    def stops(_: Scene, operation: Operation) -> Verdict:
        scans[0].stop()
        return _holds(_, operation)

    async def main() -> ScanReport:
        async with asgi_sender(shop.app(), clock=lambda: 0.0) as sender:
            scans.append(_made(sender, [_check(stops), _check(_holds, phase=Phase.LAST)]))
            return await scans[0].run()

    report = asyncio.run(main())
    assert report.was_interrupted
    assert len(report.items) == 1
    assert "stopped before its end" in " ".join(limit.what for limit in report.limits)


def test_a_stopped_scan_removes_what_it_made() -> None:
    made: dict[str, int] = {}
    store: dict[int, str] = {}
    door = Door()
    app, described = door.pair()

    async def make(request: Request) -> Response:
        number = len(made) + 1
        made[str(number)] = number
        store[number] = (await request.json())["text"]
        return JSONResponse({"id": number, "text": store[number]}, 201)

    async def remove(request: Request) -> Response:
        store.pop(int(request.path_params["memo_id"]), None)
        return Response(status_code=204)

    assert isinstance(app, Starlette)
    app.router.routes += [
        Route("/memos", make, methods=["POST"]),
        Route("/memos/{memo_id}", remove, methods=["DELETE"]),
    ]
    described["paths"]["/memos"] = {"post": operation(body={"text": "string"})}
    described["paths"]["/memos/{memo_id}"] = {"delete": operation(path=("memo_id",))}
    scans: list[Scan] = []

    def stops(_: Scene, op: Operation) -> Verdict:
        scans[0].stop()
        return Saying("OBJ01", op.key).holds("It holds.")

    async def called(scene: Scene, op: Operation) -> Verdict:
        return stops(scene, op)

    check = Check("OBJ01", lambda _, op: op.key == "GET /me", called)

    async def main() -> ScanReport:
        api = read_description(json.dumps(described).encode(), source="diary.json")
        async with asgi_sender(app, clock=lambda: 0.0) as sender:
            settings = ScanSettings(level=Level.FULL)
            scan = Scan(
                api, "http://api.test", [check], settings,
                sender=sender, catalogue=load_catalogue(), clock=lambda: 0.0, wait=Waits(),
            )  # fmt: skip
            scans.append(scan)
            return await scan.run()

    report = asyncio.run(main())
    assert report.was_interrupted
    assert len(made) >= 2
    assert store == {}
    assert not any("/memos" in line for line in report.left_behind)
    assert sum("the account" in line for line in report.left_behind) == 2


@pytest.mark.parametrize(
    ("sender", "budget", "words"),
    [
        (FakeSender([fail(Failure.UNREACHABLE)]), Budget(), "could not be reached"),
        (FakeSender([*[answer()] * 3, fail(Failure.TIMEOUT)]), Budget(), "no answers any more"),
        (FakeSender([answer()]), Budget(requests=4), "limit of 4 requests"),
    ],
)
def test_a_scan_that_cannot_go_on_ends_with_a_plain_limit(sender: FakeSender, budget: Budget, words: str) -> None:
    async def asks(scene: Scene, op: Operation) -> Verdict:
        for _ in range(30):
            await scene.call(op, scene.arguments(op, None))
        return _holds(scene, op)

    check = Check("OBJ01", lambda _, op: op.key == "GET /items", asks)
    report = asyncio.run(_run(_made(sender, [check], budget=budget)))
    said = [limit.what for limit in report.limits]
    assert any(words in line for line in said), said
    assert not report.was_interrupted


def test_a_small_api_that_is_away_is_said_to_be_away() -> None:
    report = asyncio.run(_run(_made(FakeSender([fail(Failure.UNREACHABLE)]), [])))
    assert any("could not be reached" in limit.what for limit in report.limits)


def test_limits_are_whole_sentences() -> None:
    scanned = _scanned(_check(_holds), level=Level.READ)
    assert scanned.report.limits
    for limit in scanned.report.limits:
        for text in (limit.what, limit.cost, limit.remedy):
            assert text[0].isupper() or text.startswith("apiward")
            assert text.endswith(".")
            assert "{" not in text
            assert "(status)" not in text


def test_the_report_tells_what_was_done() -> None:
    report = _scanned(_check(_holds)).report
    assert report.target == "http://api.test"
    assert report.api_title == "test"
    assert report.request_count > 0
    assert report.level == "full"
    assert "GET /items" in report.operations_answered
    assert set(report.operations) == {
        "GET /items", "POST /items", "GET /items/{item_id}", "DELETE /items/{item_id}", "GET /reset",
    }  # fmt: skip
    assert report.count(Outcome.HOLDS) == 1


def test_the_same_seed_gives_the_same_requests() -> None:
    one, other = FakeSender([answer()]), FakeSender([answer()])
    asyncio.run(_run(_made(one, [], seed=7)))
    asyncio.run(_run(_made(other, [], seed=7)))
    assert one.sent == other.sent


def test_odd_texts_in_a_description_do_not_end_the_scan() -> None:
    paths: dict[str, Any] = {
        "/a\ud800/{i\udfff}": {"get": operation(path=("i\udfff",), query=("q",))},
        "/ü b/{x}": {"get": operation(path=("x",)), "post": operation(body={"\ud800": "string", "ü": "string"})},
        "/form": {"post": operation(body={"a\ud800": "string"}, media_type="application/x-www-form-urlencoded")},
    }
    scanned = scan_app(Shop().app(), description(paths), [])
    assert scanned.report.request_count > 0


def test_what_kept_looking_around_is_told_apart_from_what_could_not_be_read() -> None:
    bound, other = Problem(LOOKING_AROUND, "a bound was reached"), Problem(OTHER_SERVERS, "3 requests were left out.")
    unread = Problem("/paths/~1x", "Expected an object here.")

    def told(*problems: Problem, dialect: str = DISCOVERED) -> str:
        scan = _made(FakeSender([answer()]), [], told={"dialect": dialect, "problems": problems})
        return " ".join(limit.what for limit in asyncio.run(_run(scan)).limits)

    both = told(bound, other, unread)
    assert "because a bound was reached" in both
    assert "could not be read: 1." in both
    assert "Looking around stopped" not in told(other, unread)
    assert "could not be read" not in told(other, dialect="HAR 1.2")


def test_the_report_says_which_accounts_each_operation_gave_a_good_answer() -> None:
    api = SmallApi()
    api.route("GET", "/news", lambda _: {"news": "open"}, secured=False)
    app, described = api.pair()
    report = scan_app(app, described, [_check(_holds)]).report
    reached = dict(report.reached)
    assert reached["GET /me"] == ("account 1", "account 2")
    assert set(reached["GET /news"]) == {"", "account 1", "account 2"}
    assert set(reached) <= set(report.operations_answered)
