"""Events for owners' rules: some by hand, and ten thousand made from one seed."""

import random
from typing import Final

from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event

START_S: Final = 1_800_000_000.0
PLAIN: Final = Event(
    "e1",
    START_S,
    "GET",
    "GET /orders/{id}",
    "/orders/7",
    200,
    "passed",
    "192.0.2.1",
    "user:Anna",
    (),
    0.0,
    0.02,
    10,
    500,
)
PATHS: Final = (
    "/orders/7", "/Orders/12", "/login", "/LOGIN", "/admin/users", "/a_b/50%", "/it's", "/back\\slash", "/star*",
    "/what?", "/[x]", "/日本/7", "/orders/7/items", "/", "/a/-x /y", "/x.php",
)  # fmt: skip
CLIENTS: Final = ("192.0.2.1", "192.0.2.77", "198.51.100.3", "10.1.2.3", "10.200.0.1", "", "203.0.113.9")
PRINCIPALS: Final = ("user:Anna", "user:ben", "key:partner", "anonymous:", "", "USER:ben")
AGENTS: Final = ("curl", "Firefox", "sqlmap", "okhttp", "")
STATUS: Final = (200, 200, 200, 201, 204, 301, 400, 401, 401, 403, 404, 429, 500)
RULES: Final = ("inspect.sql", "permit.role", "conduct.failed-log-in", "quota.limit")


def made_events(count: int, seed: int, *, pace_s: float = 1.0, is_tied: bool = False) -> list[Event]:
    """Return events in the order of time, to the millisecond; where `is_tied`, many share their moment."""
    rng = random.Random(seed)
    at_ms = round(START_S * 1000)
    events = []
    for number in range(count):
        at_ms += rng.choice((0, 0, 1000)) if is_tied else rng.randint(1, round(2000 * pace_s))
        events.append(_event(rng, f"e{number}", at_ms / 1000))
    return events


def _event(rng: random.Random, id_: str, at_s: float) -> Event:
    operation = rng.choice(("GET /orders/{id}", "POST /login", "", ""))
    ruled = rng.random() < 0.3
    marks = [
        ("agent", rng.choice(AGENTS)),
        ("account", rng.choice("abcdefgh")),
        ("asn", str(rng.randint(64500, 64510))),
    ]
    return Event(
        id=id_,
        at_s=at_s,
        method=rng.choice(("GET", "POST", "DELETE", "get")),
        operation=operation,
        path=rng.choice(PATHS),
        status=rng.choice(STATUS),
        outcome=rng.choice(("passed", "passed", "refused", "failed")),
        client=rng.choice(CLIENTS),
        principal=rng.choice(PRINCIPALS),
        rulings=(Ruling(Decision(rng.choice(RULES), Effect.DENY), is_applied=rng.random() < 0.5),) if ruled else (),
        elapsed_s=rng.choice((0.001, 0.25, 1.5)),
        request_size=rng.choice((0, 10, 5000)),
        answer_size=rng.choice((0, 200, 100_000)),
        marks=tuple(rng.sample(marks, rng.randint(0, 3))),
    )
