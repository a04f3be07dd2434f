"""The autopilot beside a guard: what it writes, says and notes, with a store and a clock of the test's own."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from apiward.app.guarding import autopilot as module
from apiward.app.guarding.autopilot import Autopilot, AutopilotKeeper, Situation
from apiward.app.guarding.evidence import read_notes
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.config.rules_file import load_rules_file, rules_path
from apiward.core.api import Api, Operation
from apiward.core.event import Event
from apiward.core.evidence import Denial, Habit, Traffic
from apiward.guard.stage import StageName
from apiward.guard.switching import Turn
from apiward.stores.events.lines import moment
from tests.stores.events.made import event

NOW_S = 1_800_000_000.0
KEY = "GET /a"
API = Api("shop", "1", (Operation("GET", "/a"),))
ON = """[guard]
mode = "watch"
modes = {authenticate = "enforce", permit = "enforce"}
autopilot = {enabled = true}
"""


class Store:
    """Implements `core.evidence.EvidenceSource` with what a test says."""

    def __init__(self) -> None:
        self.found: tuple[Denial, ...] = ()
        self.well: dict[str, Traffic] = {KEY: Traffic(500, 9, 8)}
        self.fared: dict[str, Habit] = {}
        self.events: dict[str, Event] = {}
        self.starts: Mapping[str, float] = {}
        self.is_away = False
        self.is_closed = False

    def denials(
        self, since_s: float, *, until_s: float | None = None, callers: Collection[str] = ()
    ) -> tuple[tuple[Denial, ...], bool]:
        """Return what was set."""
        if self.is_away:
            raise OSError("nobody is there")
        return tuple(one for one in self.found if one.last_s >= since_s), False

    def traffic(
        self, since_s: float, *, starts: Mapping[str, float], without: Collection[str] = ()
    ) -> Mapping[str, Traffic]:
        """Return what was set."""
        self.starts = starts
        return self.well

    def habits(self, operation: str, since_s: float, until_s: float) -> Mapping[str, Habit]:
        """Return what was set, for the time before."""
        return self.fared if until_s < NOW_S else {}

    def refused(
        self, operation: str, method: str, path: str, rule: str, since_s: float
    ) -> tuple[tuple[Event, ...], bool]:
        """Return what was set."""
        return tuple(self.events.values()), False

    def event(self, id_: str) -> Event | None:
        """Return what was set."""
        return self.events.get(id_)

    def last_refused(self) -> Event | None:
        """Return the last of what was set."""
        return list(self.events.values())[-1] if self.events else None

    def said(self, start: str, most: int) -> tuple[Event, ...]:
        """Return nothing."""
        return ()

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


class Sink:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def offer(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)


def _config(base: Path, text: str = ON) -> GuardConfig:
    config, problems = parse_guard(text)
    assert problems == ()
    return load_rules_file(base).applied(config)


def _situation(
    base: Path, text: str = ON, *, silent: frozenset[StageName] = frozenset(), paused: str = ""
) -> Situation:
    return Situation(_config(base, text), API, lambda _: silent, paused)


def _autopilot(base: Path, store: Store, sink: Sink | None = None, now_s: float = NOW_S) -> Autopilot:
    return Autopilot(base, base, sink or Sink(), lambda: now_s, evidence=lambda *_: store)


def _refusal(caller: str, at_s: float = NOW_S) -> Denial:
    return Denial(KEY, "shape.query", "query q", caller, is_applied=True, is_moot=True, times=1, last_s=at_s)


def test_what_was_learned_is_switched_though_the_guard_enforces_as_a_whole(tmp_path: Path) -> None:
    given = _situation(tmp_path, "[guard]\nautopilot = {enabled = true}\n")
    assert _autopilot(tmp_path, Store()).look(given) == ()
    [step] = _autopilot(tmp_path, Store()).look(replace(given, is_learned=True))
    assert (step.turn, step.stage, step.operation) == (Turn.ON, StageName.SHAPE, KEY)
    assert read_notes(tmp_path).learned == {one.key for one in API.operations}
    switched = replace(_situation(tmp_path, "[guard]\nautopilot = {enabled = true}\n"), is_learned=True)
    assert _autopilot(tmp_path, Store()).look(switched) == (), "once is enough"


def test_it_switches_one_stage_says_so_and_writes_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sink = Sink()
    [step] = _autopilot(tmp_path, Store(), sink).look(_situation(tmp_path))
    assert (step.turn, step.stage) == (Turn.ON, StageName.SHAPE)
    [rule] = load_rules_file(tmp_path).mode
    assert (rule.operation, rule.stage, rule.mode, rule.by, rule.since) == (
        KEY,
        "shape",
        "enforce",
        "autopilot",
        moment(NOW_S),
    )
    assert rule.reason == "500 requests, 9 callers, 8 days, 0 would-be refusals"
    [said] = sink.events
    assert (said.kind, said.operation) == ("guard", KEY)
    assert said.said == f"Autopilot: shape enforces now on {KEY}: {rule.reason}."
    assert "The autopilot has switched a stage." in capsys.readouterr().err
    modes = _config(tmp_path).policy.modes_for(KEY, "/a")
    assert modes[list(StageName).index(StageName.SHAPE)] == "enforce"


def test_without_consent_it_only_notes(tmp_path: Path) -> None:
    text = ON.replace("true", "false")
    assert _autopilot(tmp_path, Store()).look(_situation(tmp_path, text)) == ()
    assert not rules_path(tmp_path).exists()
    assert read_notes(tmp_path).starts[KEY][1] == NOW_S


def test_where_the_command_line_says_watch_it_waits(tmp_path: Path) -> None:
    assert _autopilot(tmp_path, Store()).look(_situation(tmp_path, paused="held")) == ()
    assert read_notes(tmp_path).paused == "held"
    assert not rules_path(tmp_path).exists()


@pytest.mark.parametrize(
    "more",
    ['modes = {authenticate = "enforce", permit = "enforce", shape = "watch", inspect = "watch", conduct = "watch"}',
     'exceptions = [{operation = "GET /a", mode = "watch", reason = "not this one"}]'],
)  # fmt: skip
def test_what_the_owner_has_set_is_left_alone(tmp_path: Path, more: str) -> None:
    lines = [line for line in ON.splitlines() if line.partition(" ")[0] != more.partition(" ")[0]]
    assert _autopilot(tmp_path, Store()).look(_situation(tmp_path, "\n".join([*lines, more]))) == ()


def test_a_rule_that_a_person_wrote_is_left_alone(tmp_path: Path) -> None:
    rules_path(tmp_path).write_text('[[mode]]\noperation = "GET /a"\nstage = "shape"\nmode = "watch"\nby = "anna"\n')
    [step] = _autopilot(tmp_path, Store()).look(_situation(tmp_path))
    assert step.stage is StageName.INSPECT
    assert [rule.by for rule in load_rules_file(tmp_path).mode] == ["anna", "autopilot"]


def test_a_stage_with_nothing_to_say_is_not_switched(tmp_path: Path) -> None:
    [step] = _autopilot(tmp_path, Store()).look(_situation(tmp_path, silent=frozenset({StageName.SHAPE})))
    assert step.stage is StageName.INSPECT
    assert read_notes(tmp_path).silent == {KEY: ("shape",)}


def test_evidence_begins_anew_where_what_is_judged_by_has_changed(tmp_path: Path) -> None:
    store = Store()
    _autopilot(tmp_path, store, now_s=NOW_S - 50).look(_situation(tmp_path))
    rules_path(tmp_path).unlink()
    _autopilot(tmp_path, store).look(_situation(tmp_path))
    assert store.starts == {KEY: NOW_S - 50}
    rules_path(tmp_path).unlink()
    _autopilot(tmp_path, store).look(_situation(tmp_path, ON + 'shape = {undeclared = "drop"}\n'))
    assert store.starts == {KEY: NOW_S}


def _switched(tmp_path: Path, store: Store) -> None:
    _autopilot(tmp_path, store, now_s=NOW_S - 600).look(_situation(tmp_path))
    store.fared = {f"user:{number}": Habit(20, 0) for number in range(5)}


def test_harm_switches_it_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store, sink = Store(), Sink()
    _switched(tmp_path, store)
    assert _autopilot(tmp_path, store).look(_situation(tmp_path)) == (), "all is well"
    store.found = (_refusal("user:1"), _refusal("user:2"), _refusal("192.0.2.66"))
    [step] = _autopilot(tmp_path, store, sink).look(_situation(tmp_path))
    assert step.turn is Turn.BACK
    [rule] = load_rules_file(tmp_path).mode
    assert (rule.mode, rule.reason) == ("watch", "2 callers who fared well before were refused")
    assert sink.events[0].said == f"Autopilot: shape only watches again on {KEY}: {rule.reason}."
    assert '"warning"' in capsys.readouterr().err
    store.found = ()
    assert [one.stage for one in _autopilot(tmp_path, store).look(_situation(tmp_path))] == [StageName.INSPECT]


def test_an_exclusion_counts_as_a_complaint(tmp_path: Path) -> None:
    store = Store()
    _switched(tmp_path, store)
    for number, (incident, caller) in enumerate([("i1", "user:1"), ("gone", "")]):
        if caller:
            store.events[incident] = event(number, principal=caller)
        with rules_path(tmp_path).open("a") as file:
            file.write(
                f'[[allow]]\nid = "a{number}"\noperation = "{KEY}"\nrule = "shape.query"\nplace = "query q{number}"\n'
                f'since = "{moment(NOW_S)}"\nexpires = "2030-01-01"\nincident = "{incident}"\n'
            )
    [step] = _autopilot(tmp_path, store).look(_situation(tmp_path))
    assert step.reason == "2 callers who fared well before were refused, 2 complaints among them"


def test_a_store_that_is_away_is_said_once_and_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store()
    store.is_away = True
    made = _autopilot(tmp_path, store)
    assert made.look(_situation(tmp_path)) == ()
    assert made.look(_situation(tmp_path)) == ()
    assert capsys.readouterr().err.count("cannot look now") == 1
    assert read_notes(tmp_path).problem == "nobody is there"
    store.is_away = False
    assert len(made.look(_situation(tmp_path))) == 1
    made.close()
    assert store.is_closed


def test_rules_that_cannot_be_written_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    situation = _situation(tmp_path)
    rules_path(tmp_path).write_text("[[mode")
    assert _autopilot(tmp_path, Store()).look(situation) == ()
    assert "cannot be used" in capsys.readouterr().err


def test_one_worker_looks_and_another_takes_its_place(tmp_path: Path) -> None:
    looks: list[str] = []

    class Looker(Autopilot):
        def __init__(self, name: str) -> None:
            super().__init__(tmp_path, tmp_path, Sink(), lambda: NOW_S, evidence=lambda *_: Store())
            self.name = name

        def look(self, now: Situation) -> tuple[()]:
            """Note who looked."""
            looks.append(self.name)
            return ()

    async def run() -> None:
        first, second = (AutopilotKeeper(Looker(name), tmp_path, lambda: _situation(tmp_path)) for name in "ab")
        for keeper in (first, second):
            keeper.follow()
            while not looks:  # noqa: ASYNC110 - a thread of the keeper's own ends it
                await asyncio.sleep(0)
        await asyncio.to_thread(second._look, _situation(tmp_path))
        await first.stop()
        await asyncio.to_thread(second._look, _situation(tmp_path))
        await second.stop()

    asyncio.run(run())
    assert (looks[0], set(looks[1:])) == ("a", {"b"})  # the thread of the second may have looked by itself, too


def test_a_mistake_of_ours_ends_no_guard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Broken(Autopilot):
        def look(self, now: Situation) -> tuple[()]:
            """Fail."""
            raise KeyError("oops")

    broken = Broken(tmp_path, tmp_path, Sink(), lambda: NOW_S)
    keeper = AutopilotKeeper(broken, tmp_path, lambda: _situation(tmp_path))
    assert keeper._look(_situation(tmp_path)) >= 0
    asyncio.run(keeper.stop())
    assert "The autopilot has failed." in capsys.readouterr().err
    assert module.REST >= 20
