import asyncio
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.core.account import Account, Standing
from apiward.core.exchange import Exchange, Failure, Request, Response
from apiward.scan.checks.injection.command import CHECK
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.spec.reading import read_description
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.senders import Waits
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi


def _run(line: str) -> str:
    """Have a real shell run a line."""
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=20, check=False).stdout


def looking_up(form: str, *, place: str = "query", quiet: bool = False) -> Pair:
    """Return an API that looks a host up with a command: `form` says how the value stands in it."""
    api = SmallApi()

    def look(call: Call) -> Json:
        host = str((call.query or call.path or call.data).get("host", ""))
        said = _run(form.replace("?", host))
        if quiet and not said:
            raise RefusalError(404, "no such host")
        return {"said": said}

    if place == "body":
        api.route("POST", "/tools/lookup", look, body={"host": "string"})
    elif place == "path":
        api.route("GET", "/hosts/{host}", look, secured=False)
    else:
        api.route("GET", "/tools/lookup", look, query=["host"], secured=False)
    return api.pair()


def sound(*, place: str = "query") -> Pair:
    """Return an API that hands the value over as one argument."""
    api = SmallApi()

    def look(call: Call) -> Json:
        host = str((call.query or call.path or call.data).get("host", ""))
        argv = ["/bin/echo", "server", "can't", "find", host]
        return {"said": subprocess.run(argv, capture_output=True, text=True, timeout=9, check=False).stdout}

    if place == "body":
        api.route("POST", "/tools/lookup", look, body={"host": "string"})
    else:
        api.route("GET", "/tools/lookup", look, query=["host"], secured=False)
    return api.pair()


@pytest.mark.parametrize("has_staff", [True, False])
def test_what_staff_alone_may_read_is_tried_as_staff(has_staff: bool) -> None:  # noqa: FBT001
    api = SmallApi()
    api.new_user("boss", "boss@shop.test", "boss-own-77")

    def look(call: Call) -> Json:
        if call.me != "boss":
            raise RefusalError(403, "for staff only")
        return {"said": _run(f"echo {call.query.get('options', '')}")}

    api.route("GET", "/admin/disk", look, query=["options"])
    app, described = api.pair()
    staff = (Account("Boss", "boss", "boss-own-77", standing=Standing.PRIVILEGED),) if has_staff else ()
    assert bool(scan_app(app, described, [CHECK], accounts=staff).broken()) is has_staff


@dataclass
class Unseen:
    """An API without a network that always says the same; how late depends on the text."""

    takes_s: Callable[[str], float]

    async def send(self, request: Request, *, timeout_s: float | None = None) -> Exchange:
        """Answer as always."""
        took_s = 0.01 + self.takes_s(request.body.decode())
        if timeout_s is not None and took_s > timeout_s:
            return Exchange(request, failure=Failure.TIMEOUT, elapsed_s=timeout_s)
        status = 202 if request.url.endswith("/contact") else 404
        head = (("content-type", "application/json"),)
        return Exchange(request, Response(status, head, b'{"status": "ok"}'), elapsed_s=took_s)

    def is_found(self, level: Level = Level.FULL) -> bool:
        """Scan it."""
        api = SmallApi(has_accounts=False)
        api.route("POST", "/contact", lambda _: None, body={"message": "string"}, secured=False)
        return asyncio.run(self._scan(api.pair()[1], level))

    async def _scan(self, described: Json, level: Level) -> bool:
        document = read_description(json.dumps(described).encode(), source="http://api.test/openapi.json")
        scan = Scan(
            document,
            "http://api.test",
            [CHECK],
            ScanSettings(level=level),
            sender=self,
            catalogue=load_catalogue(),
            clock=time.time,
            wait=Waits(),
        )
        return bool((await scan.run()).findings)


def _asked_s(body: str) -> float:
    """Return how long a shell would wait that is given the text as part of its command."""
    _, found, rest = body.partition("|sleep ")
    return float(rest.partition("|")[0]) if found else 0.0


def refusing_signs() -> Pair:
    """Return a sound API that refuses what is no name of a host."""
    api = SmallApi()

    def look(call: Call) -> Json:
        if not call.query.get("host", "").replace(".", "").replace(" ", "").isalnum():
            raise RefusalError(400, f"no such host: {call.query.get('host')}")
        return {"said": "1.2.3.4"}

    api.route("GET", "/tools/lookup", look, query=["host"], secured=False)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("bare", partial(looking_up, "echo looking up ?")),
    ("before another argument", partial(looking_up, "echo ? -o out")),
    ("in quotes", partial(looking_up, "echo 'looking up ?' -n")),
    ("in double quotes", partial(looking_up, 'echo "looking up ?" -n')),
    ("in the path", partial(looking_up, "test -n ? && echo found", place="path")),
    ("in JSON", partial(looking_up, 'echo "?"', place="body")),
    ("nothing is shown but of the command itself", partial(looking_up, "echo ? | tr '|' ' ' | head -1", quiet=True)),
)
SILENT: tuple[Case, ...] = (
    ("one argument, echoed", sound),
    ("one argument in JSON, echoed", partial(sound, place="body")),
    ("signs are refused", refusing_signs),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_a_wait_tells_where_nothing_is_shown_and_only_at_level_full() -> None:
    assert Unseen(_asked_s).is_found()
    assert not Unseen(_asked_s).is_found(Level.WRITE)


def test_answers_that_are_late_for_other_reasons_are_no_proof() -> None:
    times = iter([0.0, 0.1, 0.0, 1.2, 0.3, 2.5, 0.9, 1.1, 0.2, *([1.0, 0.1] * 30)])
    assert not Unseen(lambda _: next(times)).is_found()
    assert not Unseen(lambda body: 1.1 if "sleep" in body else 0.0).is_found()
