import asyncio
import itertools
import json
import time

import pytest

from apiward.catalogue.loading import load_catalogue
from apiward.core.verdict import Outcome
from apiward.net.asgi import asgi_sender
from apiward.scan.checks.authentication.jwt_expiry import CHECK
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level
from apiward.spec.reading import read_description
from tests.scan.checks.authentication.business import Business
from tests.scan.checks.authentication.cases import case, twins

AT = "GET /me"
LOG_IN = "POST /login"
TRIGGERS = (
    case("an old token of this scan still works", AT, weak="expiry", life_s=-200.0),
    case("no end at all", LOG_IN, life_s=None),
    case("a year", LOG_IN, life_s=365 * 86_400.0, cookie=True),
    case("the end is not heeded, and the key is known", AT, weak="expiry", key=b"secret"),
    case("the same, refusals with 200", AT, weak="expiry", key=b"secret", shows_no_with_ok=True),
)
SILENT = (
    case("the log-in's token names an end", LOG_IN, Outcome.HOLDS),
    case("an end under another name", LOG_IN, Outcome.UNSURE, life_s=None, own_end="expires"),
    case("a time to come under any name", LOG_IN, Outcome.UNSURE, life_s=None, own_end="x"),
    case("no end to heed", AT, Outcome.NOT_RUN, token="opaque"),
    case("the end is heeded, and the key is known", AT, Outcome.HOLDS, key=b"secret"),
    case("nobody knows the key, and nothing is over yet", AT, Outcome.UNSURE),
    case("any signature passes", AT, Outcome.NOT_RUN, weak="unverified"),
    case("no JWT", AT, Outcome.NOT_RUN, token="opaque"),
)


test_fires_on_the_weak_twin, test_is_silent_on_the_sound_twin = twins(CHECK, TRIGGERS, SILENT)


async def outcome_with_hasty_clock(business: Business, step_s: float) -> Outcome:
    """Scan while every look at the clock, on both sides, moves it on by a step."""
    ticks = itertools.count()
    began_s = time.time()

    def clock() -> float:
        return began_s + next(ticks) * step_s

    business.clock = clock
    api = read_description(json.dumps(business.description()).encode(), source="http://api.test/openapi.json")
    async with asgi_sender(business.app(), clock=time.time) as sender:
        scan = Scan(
            api,
            "http://api.test",
            [CHECK],
            ScanSettings(level=Level.FULL),
            sender=sender,
            catalogue=load_catalogue(),
            clock=clock,
            wait=no_wait,
        )
        report = await scan.run()
    return next(item.outcome for item in report.items if item.operation == AT)


async def no_wait(_: float) -> None:
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("weak", "outcome"), [("expiry", Outcome.BROKEN), ("", Outcome.HOLDS)], ids=["works on", "is refused"]
)
def test_an_old_token_is_shown_again_once_it_is_over(weak: str, outcome: Outcome) -> None:
    assert asyncio.run(outcome_with_hasty_clock(Business(weak=weak, life_s=60.0), 5.0)) is outcome


def test_a_token_that_has_only_just_ended_proves_nothing() -> None:
    assert asyncio.run(outcome_with_hasty_clock(Business(weak="expiry", life_s=60.0), 1.0)) is Outcome.UNSURE
