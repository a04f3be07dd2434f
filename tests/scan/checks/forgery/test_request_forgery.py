from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest
from starlette.types import Message, Receive, Scope, Send

from apiward.core.exchange import Exchange
from apiward.core.verdict import Outcome
from apiward.scan.checks.forgery.request_forgery import CHECK
from apiward.scan.level import Level
from tests.scan.ear import Ear
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import Call, Json, Pair, RefusalError, Said, SmallApi

Go: TypeAlias = Callable[[str, Ear], Json]
Case: TypeAlias = tuple[str, Callable[[Ear], Pair]]


def taking(ear: Ear, go: Go, *, name: str = "url", body: bool = True, is_read: bool = False) -> Pair:
    """Return an API with an operation that takes an address and does with it what `go` does."""
    api = SmallApi()

    def preview(call: Call) -> Json:
        given = (call.data if body else call.query).get(name, "")
        return go(str(given), ear)

    if is_read or not body:
        api.route("GET", "/preview", preview, query=[name])
    else:
        api.route("POST", "/previews", preview, body={"title": "string", name: "string"})
    return api.pair()


def _goes(address: str, ear: Ear) -> Json:
    return {"shown": ear.call(address)}


def _goes_blindly(address: str, ear: Ear) -> Json:
    ear.call(address)
    return {"status": "kept"}


def _with_list(address: str, ear: Ear) -> Json:
    """Refuse what is written like an inner address, and no more."""
    host = urlsplit(address).hostname or ""
    if host.startswith("127.0.0.1") or host == "localhost":
        raise RefusalError(422, "not an address of yours")
    return _goes(address, ear)


def _by_beginning(address: str, ear: Ear) -> Json:
    if not address.startswith("http://example.com") and not address.startswith("https://example.com"):
        raise RefusalError(422, "only from example.com")
    return _goes(address.replace("https:", "http:"), ear)


def _host_only(address: str, ear: Ear) -> Json:
    return {"state": ear.call(f"http://{address}/health")}


def _keeps(address: str, ear: Ear) -> Json:
    return {"url": address}


def _checks(address: str, ear: Ear) -> Json:
    host = urlsplit(address).hostname or ""
    if host != "example.com":
        raise RefusalError(422, "only from example.com")
    return _goes(address, ear)


def seeing_all(ear: Ear) -> Pair:
    """Return an API behind something that calls every address that passes by."""
    app, description = taking(ear, _keeps)

    async def around(scope: Scope, receive: Receive, send: Send) -> None:
        async def read() -> Message:
            message = await receive()
            ear.call(message.get("body", b"").decode())
            return message

        for _, value in scope["headers"]:
            ear.call(value.decode())
        await app(scope, read, send)

    return around, description


TRIGGERS: tuple[Case, ...] = (
    ("shown", partial(taking, go=_goes)),
    ("blind", partial(taking, go=_goes_blindly)),
    ("by name", partial(taking, go=_goes, name="webhookEndpoint")),
    ("in a query", partial(taking, go=_goes, body=False)),
    ("around a list of names", partial(taking, go=_with_list)),
    ("a host alone", partial(taking, go=_host_only, name="server_host")),
)
SILENT: tuple[Case, ...] = (
    ("kept", partial(taking, go=_keeps)),
    ("checked", partial(taking, go=_checks)),
    ("in between", seeing_all),
)


def scanned(make: Callable[[Ear], Pair], ear: Ear, level: Level = Level.FULL) -> Scanned:
    app, description = make(ear)
    return scan_app(app, description, [CHECK], listener=ear, level=level)


def outcomes(found: Scanned) -> set[Outcome]:
    return {item.outcome for item in found.report.items}


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[Ear], Pair]) -> None:
    assert scanned(make, Ear()).broken()


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[Ear], Pair]) -> None:
    found = scanned(make, Ear())
    assert found.report.items
    assert not found.broken()


def test_the_usual_host_before_an_at_gets_around_who_looks_at_the_beginning() -> None:
    found = scanned(partial(taking, go=_by_beginning), Ear())
    assert [one.saw for one in found.report.findings if "the usual host before an @" in one.saw]


def test_what_came_back_from_there_is_said_and_the_call_is_shown() -> None:
    (finding,) = scanned(partial(taking, go=_goes), Ear()).report.findings
    assert "holds what came back" in finding.saw
    assert finding.evidence.control is not None
    assert finding.evidence.more[0].request.url.startswith("http://127.0.0.1:9999/")
    (blind,) = scanned(partial(taking, go=_goes_blindly), Ear()).report.findings
    assert "holds what came back" not in blind.saw


def test_outside_it_is_only_likely() -> None:
    (finding,) = scanned(partial(taking, go=_goes), Ear("http://scan.example:80", is_inside=False)).report.findings
    assert finding.confidence.value == "likely"


def test_without_an_ear_and_without_leave_to_write_it_says_so() -> None:
    app, description = taking(Ear(), _goes)
    assert outcomes(scan_app(app, description, [CHECK])) == {Outcome.NOT_RUN}
    assert outcomes(scanned(partial(taking, go=_goes), Ear(), Level.READ)) == {Outcome.NOT_RUN}


def test_a_write_is_tried_a_bounded_number_of_times() -> None:
    ear = Ear()
    api = SmallApi()
    names: Iterable[str] = [f"url{number}" for number in range(20)]

    def refuse(_: Call) -> Json:
        raise RefusalError(422, "no")

    api.route("POST", "/many", refuse, body=dict.fromkeys(names, "string"))
    app, description = api.pair()
    scan_app(app, description, [CHECK], listener=ear)
    assert len([one for one in api.calls if one[1] == "/many"]) <= 60


class LateEar(Ear):
    """Hears of a call only when it was asked for the tenth time."""

    asked: int = 0

    def heard(self, token: str) -> Exchange | None:
        self.asked += 1
        return super().heard(token) if self.asked >= 10 else None


@pytest.mark.parametrize(("status", "is_heard"), [(200, False), (202, True)])
def test_who_says_that_the_work_is_done_later_is_listened_to_longer(status: int, *, is_heard: bool) -> None:
    found = scanned(partial(taking, go=lambda address, ear: Said(_goes_blindly(address, ear), status)), LateEar())
    assert bool(found.broken()) is is_heard
