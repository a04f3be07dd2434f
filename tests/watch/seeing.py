"""Events for the tests of detections, and what is told about them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.detection import Detection
from apiward.core.event import Event
from apiward.watch.correlator import Correlator, Rule
from apiward.watch.settings import SeeingSettings

START_S: Final = 1_799_064_000.0
"""A Monday, at noon (UTC)."""
LOG_IN: Final = "POST /api/login"
READ: Final = "GET /api/notes/{note_id}"


def event(
    at_s: float = 0.0,
    operation: str = "GET /api/me",
    *,
    path: str = "",
    status: int = 200,
    who: str = "user:7",
    client: str = "198.18.0.7",
    rules: Sequence[str] = (),
    refused: bool = False,
    size: int = 500,
    **marks: str,
) -> Event:
    """Return one request, `at_s` seconds after the start. `rules` are what the guard said; `refused` by the last one.

    Where `path` is given alone, it is of no known operation.
    """
    method, _, template = operation.partition(" ")
    rulings = [
        Ruling(
            Decision(rule, Effect.NOTE if rule.startswith("conduct.") and rule.endswith("log-in") else Effect.DENY),
            refused and rule == rules[-1],
        )
        for rule in rules
    ]
    return Event(
        f"{at_s:.3f}-{who}-{path}",
        START_S + at_s,
        method,
        operation if template else "",
        path or template,
        status,
        "refused" if refused else "failed" if status >= 500 else "passed",
        client,
        who,
        tuple(rulings),
        answer_size=size,
        marks=tuple(marks.items()),
    )


def log_in(at_s: float, account: str = "", *, good: bool = False, client: str = "198.18.0.7", **marks: str) -> Event:
    """Return a log-in as the guard tells it; without an account as a log tells it."""
    if not account:
        return _with(event(at_s, LOG_IN, status=200 if good else 401, who="anonymous:", client=client), marks)
    rule = "conduct.log-in" if good else "conduct.failed-log-in"
    made = event(at_s, LOG_IN, status=200 if good else 401, who="anonymous:", client=client, rules=(rule,))
    return _with(made, {"account": account, **marks})


def _with(made: Event, marks: Mapping[str, str]) -> Event:
    return made._replace(marks=tuple(marks.items()))


def read(at_s: float, number: object, **given: object) -> Event:
    """Return a look at one note."""
    return event(at_s, READ, path=f"/api/notes/{number}", **given)  # type: ignore[arg-type] # as `event` has them


def unknown(at_s: float, path: str, **given: object) -> Event:
    """Return a request for a path that is not there."""
    return event(at_s, "GET", path=path, **{"status": 404, **given})  # type: ignore[arg-type] # as `event` has them


def told(
    rule: Rule, events: Iterable[Event], settings: SeeingSettings | None = None, *, then_s: float = 0.0
) -> list[Detection]:
    """Return what one detection tells of events and `then_s` seconds later, the last state of each pattern."""
    correlator = Correlator((rule,), settings or SeeingSettings())
    found: dict[tuple[str, str], Detection] = {}
    last_s = START_S
    for one in events:
        found |= {(said.rule, said.who): said for said in correlator.see(one)}
        last_s = max(last_s, one.at_s)
    found |= {(said.rule, said.who): said for said in correlator.passed(last_s + then_s)}
    return list(found.values())
