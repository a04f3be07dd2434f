"""The autopilot of a guard that runs: looks at the evidence now and then, switches what is ready, and takes it back."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from apiward.app.guarding.evidence import Notes, gathered, open_evidence, read_notes, started, write_notes
from apiward.app.guarding.log import log
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import replace_rules
from apiward.core.api import Api, Operation
from apiward.core.event import Event
from apiward.core.evidence import EvidenceSource, caller_of
from apiward.core.ports import Clock, EventSink
from apiward.guard.policy import ModeRule
from apiward.guard.readiness import attackers
from apiward.guard.stage import StageName
from apiward.guard.switching import AUTOPILOT, DAY_S, Aftermath, Step, Turn, back, is_watched, ons
from apiward.stores.events.draining import Turn as FolderTurn
from apiward.stores.events.lines import moment

LOCK: Final = "autopilot.lock"
REST: Final = 20.0
"""A look is followed by a rest of at least so many times its own length: it never takes a twentieth of a processor."""
OVERRULED: Final = "The guard was started with --watch, which lets it refuse nothing."
Silence: TypeAlias = Callable[[Operation | None], frozenset[StageName]]
Open: TypeAlias = Callable[[Path, GuardConfig], EvidenceSource]


@dataclass(frozen=True, slots=True)
class Situation:
    """How the guard stands: its settings, its description, which stages are silent, and what holds the autopilot.

    `is_learned` says that nobody gave the description, and that it only watches where nobody says otherwise.
    """

    config: GuardConfig
    api: Api | None
    silence: Silence
    paused: str = ""
    is_learned: bool = False


class Autopilot:
    """One look at a time. `base` is the folder of the rules, `data` that of the guard."""

    def __init__(
        self, base: Path, data: Path, sink: EventSink, clock: Clock, *, evidence: Open = open_evidence
    ) -> None:
        self._base = base
        self._data = data
        self._sink = sink
        self._clock = clock
        self._open = evidence
        self._source: EvidenceSource | None = None
        self._notes: Notes | None = None
        self._problem = ""

    def look(self, now: Situation) -> tuple[Step, ...]:
        """Note since when things are judged as they are, and do what there is to do. Never raises for a store away."""
        self._note(now)
        problem = ""
        steps: tuple[Step, ...] = ()
        try:
            steps = self._steps(now) if now.config.autopilot.enabled and not now.paused else ()
            self._write(steps)
        except (OSError, AdvisedError) as error:
            problem = str(error)
        if problem and problem != self._problem:
            log("The autopilot cannot look now.", level="warning", why=problem)
        self._problem = problem
        return () if problem else steps

    def close(self) -> None:
        """Let go of the store."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def _note(self, now: Situation) -> None:
        before = self._notes if self._notes is not None else read_notes(self._data)
        now_s = self._clock()
        operations = now.api.operations if now.api is not None else ()
        silent = {one.key: tuple(sorted(name.value for name in now.silence(one))) for one in operations}
        starts = started(now.config, now.api, before, now_s) if now.api is not None else dict(before.starts)
        learned = frozenset(one.key for one in operations) if now.is_learned else frozenset()
        self._notes = Notes(now_s, now.paused, self._problem, starts, {**before.silent, **silent}, learned)
        with contextlib.suppress(OSError):  # a full disk: the next look tries again
            write_notes(self._data, self._notes)

    def _steps(self, now: Situation) -> tuple[Step, ...]:
        source = self._source = self._source or self._open(self._data, now.config)
        settings, now_s = now.config.autopilot, self._clock()
        watched = [rule for rule in now.config.switched if is_watched(rule, settings, now_s)]
        backs = [step for rule in watched if (step := back(self._aftermath(source, now.config, rule), settings))]
        if backs:
            return tuple(backs)  # and nothing new in the same look
        operations = [one.key for one in now.api.operations] if now.api is not None else []
        found, _ = gathered(source, now.config, self._notes or Notes(), operations, now_s)
        return ons(found, now.config.switched, settings, now_s)

    def _aftermath(self, source: EvidenceSource, config: GuardConfig, rule: ModeRule) -> Aftermath:
        denials, _ = source.denials(rule.since_s)
        refused = {
            one.caller
            for one in denials
            if one.is_applied and (one.operation, one.stage) == (rule.operation, rule.stage)
        }
        habit_s = rule.since_s - config.autopilot.window_days * DAY_S
        return Aftermath(
            rule,
            before=source.habits(rule.operation, habit_s, rule.since_s),
            since=source.habits(rule.operation, rule.since_s, self._clock()),
            refused=frozenset(refused),
            complained=_complained(source, config, rule),
            hostile=attackers(denials, rule.stage, rule.operation),
        )

    def _write(self, steps: Sequence[Step]) -> None:
        if not steps:
            return
        since = moment(self._clock())
        places = {(step.operation, step.stage.value) for step in steps}
        fresh = [
            {
                "operation": step.operation,
                "stage": step.stage.value,
                "mode": step.mode.value,
                "by": AUTOPILOT,
                "since": since,
                "reason": step.reason,
            }
            for step in steps
        ]
        replace_rules(
            self._base,
            "mode",
            lambda rule: rule.get("by") == AUTOPILOT and (rule.get("operation"), rule.get("stage")) in places,
            fresh,
        )
        for step in steps:
            self._say(step)

    def _say(self, step: Step) -> None:
        what = "enforces now" if step.turn is Turn.ON else "only watches again"
        log(
            "The autopilot has switched a stage.",
            level="info" if step.turn is Turn.ON else "warning",
            operation=step.operation,
            stage=step.stage.value,
            mode=step.mode.value,
            why=step.reason,
        )
        said = f"Autopilot: {step.stage.value} {what} on {step.operation}: {step.reason}."
        self._sink.offer(
            Event(
                id=uuid.uuid4().hex,
                at_s=self._clock(),
                method="",
                operation=step.operation,
                path="",
                status=0,
                outcome="passed",
                client="",
                principal="",
                kind="guard",
                said=said,
            )
        )


class AutopilotKeeper:
    """Runs an autopilot beside the requests: in one worker of all, in a thread, with rests."""

    def __init__(self, autopilot: Autopilot, data: Path, situation: Callable[[], Situation]) -> None:
        self._autopilot = autopilot
        self._data = data
        self._situation = situation
        self._turn: FolderTurn | None = None
        self._task: asyncio.Task[None] | None = None

    def follow(self) -> None:
        """Begin, in a task of the running loop."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Look no longer, and pass the turn on."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._autopilot.close()
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.close()

    async def _follow(self) -> None:
        while True:
            situation = self._situation()
            took_s = await asyncio.to_thread(self._look, situation)
            await asyncio.sleep(max(situation.config.autopilot.every_s, REST * took_s))

    def _look(self, situation: Situation) -> float:
        """Look where it is this worker's turn, and return how long it took. A mistake of ours ends no guard."""
        begun_s = time.perf_counter()
        try:
            self._turn = self._turn or FolderTurn(self._data, LOCK)
            if self._turn.is_ours():
                self._autopilot.look(situation)
        except Exception as error:  # noqa: BLE001 - the guard goes on without its autopilot, and says so
            log("The autopilot has failed.", level="error", why=repr(error))
        return time.perf_counter() - begun_s


def _complained(source: EvidenceSource, config: GuardConfig, rule: ModeRule) -> frozenset[str]:
    """Return the callers whose refusals by a switched stage were excluded since: somebody spoke up for them."""
    found = set()
    for one in config.allowed:
        if (one.operation, one.rule.partition(".")[0]) == (rule.operation, rule.stage) and one.since_s >= rule.since_s:
            event = source.event(one.incident) if one.incident else None
            found.add(caller_of(event) if event is not None else one.id)
    return frozenset(found)
