"""An attack comes while nobody is there: it is held off, others pass, the owner is told, and it ends by itself."""

import json
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from apiward.app.guarding.place import Place
from apiward.app.guarding.shut_keys import Own
from apiward.app.guarding.shutting import ShutDesk
from apiward.app.incidents.desk import record_of
from apiward.app.incidents.following import telling
from apiward.app.incidents.holding import holding
from apiward.app.watching.running import WatchRun, opened_on, opened_store
from apiward.config.automatic import AutomaticConfig
from apiward.config.guarding import load_guard
from apiward.config.notifying import ChannelConfig, NotifyConfig
from apiward.config.watching import WatchConfig
from apiward.core.incident import IncidentState
from apiward.stores.record.telling import OURSELVES
from tests.cli.test_notify import place
from tests.guarded.guards import RunningGuard, guarding, until
from tests.guarded.recording import Recorder, plain
from tests.guarded.speaking import get, post, status_of

SETTINGS = """mode = "watch"
description = "openapi.json"
[guard.origin]
trusted_proxies = ["127.0.0.1"]
"""
_ANSWERS = {"responses": {"200": {"description": "ok"}, "401": {"description": "no"}}}
_LOG_IN = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}, **_ANSWERS}
DESCRIPTION = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "paths": {"/login": {"post": _LOG_IN}, "/shop": {"get": _ANSWERS}},
}
ATTACKER, RIGHTFUL, NEIGHBOUR = "198.51.100.66", "203.0.113.5", "198.51.100.67"
LEFT_S = 6.0
"""Seconds after which a minute is over at the guard: the clock of who holds off is behind by the rest of it."""


def _try(guard: RunningGuard, number: int, client: str = ATTACKER) -> int:
    body = json.dumps({"email": f"customer{number}@shop.example", "password": f"stolen{number}"}).encode()
    return status_of(post(guard.port, "/login", body, f"X-Forwarded-For: {client}"))


def _shop(guard: RunningGuard, client: str) -> int:
    return status_of(get(guard.port, "/shop", f"X-Forwarded-For: {client}"))


@pytest.mark.long
def test_an_attack_is_held_off_by_itself_and_only_where_that_was_allowed(api: Recorder, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(DESCRIPTION))
    api.answers["/login"] = plain(b'{"error": "no"}', "401 Unauthorized")
    with guarding(tmp_path, api.address, SETTINGS) as guard, place() as server, ExitStack() as stack:
        for number in range(12):
            assert (_try(guard, number), _shop(guard, RIGHTFUL)) == (401, 200)
        guard.await_events(24)
        config = load_guard(guard.config)
        run = WatchRun(Place.of(guard.config, config), config, WatchConfig())
        engine = stack.enter_context(opened_store(run))
        course = stack.enter_context(opened_on(run, engine, is_followed=True))
        record, folder = record_of(engine), run.place.data
        until(lambda: course.watching.step() or record.incidents())
        shut = ShutDesk(
            folder, Own(config.origin.trusted_proxies), by=OURSELVES, clock=lambda: time.time() - 60.0 + LEFT_S
        )

        with holding(engine, AutomaticConfig(), shut, folder, turn_s=0.01):
            pass
        assert (shut.listed(), _try(guard, 12)) == ((), 401), "nothing was allowed"

        channel = ChannelConfig("hook", "ntfy", address=server.address, to=("alarms",), since="critical")
        notify = NotifyConfig(channels=(channel,))
        allowed = AutomaticConfig(("stuffing:block-address",), minutes=1)
        with (
            telling(record, notify, folder, tmp_path, turn_s=0.01),
            holding(engine, allowed, shut, folder, turn_s=0.01),
        ):
            until(lambda: record.incidents()[0].state is IncidentState.CONTAINED)
            assert _try(guard, 13) == 403
            assert (_shop(guard, ATTACKER), _shop(guard, RIGHTFUL), _shop(guard, NEIGHBOUR)) == (403, 200, 200)
            until(lambda: server.posted)
        (incident,) = record.incidents()
        assert f"apiward incidents undo {incident.id}" in json.dumps(server.posted[0].json)

        ends_s = max(one.until_s for one in shut.listed())
        until(lambda: time.time() > ends_s)
        assert _try(guard, 14) == 401, "it ends by itself"
        desk = ShutDesk(folder, Own(), by="owner:ada")
        desk.shut("network:198.51.100.0/24", reason="a crowd", for_s=60)
        assert desk.standing(["network:198.51.100.0/24"]).is_so
        assert [_shop(guard, client) for client in (ATTACKER, NEIGHBOUR, RIGHTFUL)] == [403, 403, 200]
        desk.undo("network:198.51.100.0/24")
        until(lambda: _shop(guard, NEIGHBOUR) == 200)
        until(lambda: guard.rows(f"kind = 'block' AND principal = '{OURSELVES}'"))
