"""How well watch sees: attacks of the simulated business that are noticed, after how many events, and false incidents.

    python -m benchmarks.watching [--users 10 60 200 2000] [--seeds 4003 4004]
    python -m benchmarks.watching --docs docs/explanation/what-watch-sees.md
    python -m benchmarks.watching --users 200 --only-ordinary

A business is simulated for fourteen days (`apiward.demo.traffic`). Each request goes through the guard's own stages
that say something of it (whose object it is, how a log-in ended) and gets the marks that the guard makes; all of them
only watch. The events go to the correlator, with all detections, as they come.

- *Seen* is the share of attacks about which one of the detections that are meant for them told, while they went on.
  An attack is what one attacker does of one kind without a pause of eight hours.
- *After* is how many requests the attack had made by then: the median, and the most of nine in ten.
- A *false incident* is one of a detection about somebody who does no harm; detections of one rule about one actor
  within a day are one incident. Figures are for a week: of runs without any attack, and of all
  that was told beside the attacks in the others.

`--keep FOLDER` keeps the events of each run there, and takes them from there the next time: to make them takes twenty
times as long as to look at them. What is kept is true as long as simulator, guard and marks are what they were.

Exit code 1 where a bar is missed: 0.95 of each kind, and one false incident a week at up to 200 users.
"""

import argparse
import hashlib
import json
import pickle
import sys
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final, NamedTuple

from apiward.access.ownership.rights import Rights
from apiward.access.ownership.settings import ObjectsSettings
from apiward.core.call import Answer, Call
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.detection import EVERYBODY, Detection
from apiward.core.event import Event
from apiward.core.finding import Severity
from apiward.core.jsonvalue import NotJson, parse_json
from apiward.demo.traffic.callers import STAFF_ROLE
from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.operations import FURTHER, OPERATIONS
from apiward.demo.traffic.settings import DAY_S, Attack, TrafficSettings
from apiward.demo.traffic.values import ATTACKS, Kind, Step
from apiward.demo.traffic.world import World
from apiward.guard.marking import Marking
from apiward.guard.stage import Parts
from apiward.guard.stages.inspect import Inspect, InspectSettings
from apiward.guard.stages.objects import Objects
from apiward.spec.meaning.failures import says_failure
from apiward.spec.meaning.purposes import LOG_IN, purposes
from apiward.stores.ownership.memory import MemoryFacts
from apiward.watch.correlator import Correlator
from apiward.watch.registry import DETECTIONS
from apiward.watch.settings import SeeingSettings
from benchmarks.ownership import call_of

WARM_UP_DAYS: Final = 3
SEEDS: Final = {10: range(4007, 4009), 60: range(4007, 4009), 200: range(4003, 4004), 2_000: range(4003, 4004)}
"""What was measured once, after everything was built on seeds 1 to 20 and, for 10 and 60 people, on 4001 to 4006."""
ONLY_ORDINARY: Final = 2_000
"""From so many users on, only runs without attacks: a fortnight with attacks takes an hour."""
LEAST_SEEN: Final = 0.95
MOST_FALSE: Final = 1.0
PAUSE_S: Final = 8 * 3_600.0
BEGIN: Final = "<!-- table -->\n"
END: Final = "<!-- end of table -->"

MEANT: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.STOLEN_OBJECT: ("objects.foreign",),
    Kind.FOREIGN_WRITE: ("objects.foreign",),
    Kind.FORMER_MEMBER: ("objects.foreign",),
    Kind.TEACH_OWNERSHIP: ("objects.foreign",),
    Kind.TEACH_ROLE: ("objects.foreign", "functions.probing"),
    Kind.ENUMERATION_FAST: ("objects.enumeration",),
    Kind.ENUMERATION_SLOW: ("objects.enumeration", "objects.slow"),
    Kind.STUFFING: ("accounts.stuffing",),
    Kind.TOKEN_THEFT: ("accounts.token-theft",),
    Kind.SCRAPING: ("data.scraping",),
    Kind.CARDING: ("money.carding",),
    Kind.COUPONS: ("money.coupons",),
    Kind.PROBING: ("functions.probing", "inventory.shadow-probing"),
    Kind.SPRAYING: ("accounts.spraying",),
    Kind.CRACKING: ("accounts.cracking",),
    Kind.TAKEOVER: ("accounts.takeover",),
    Kind.DORMANT: ("accounts.dormant",),
    Kind.KEY_THEFT: ("accounts.key-sharing",),
    Kind.KEY_MISUSE: ("accounts.device",),
    Kind.CODES: ("money.codes",),
    Kind.SCALPING: ("money.scalping",),
    Kind.EXPORT: ("data.export",),
    Kind.SKIPPING: ("flow.skipped",),
    Kind.OLD_VERSION: ("inventory.retired",),
    Kind.OVERLOAD: ("service.overload",),
    Kind.INJECTION: ("attacks.injection",),
    Kind.INWARD: ("attacks.inward",),
    Kind.STORM: ("service.errors",),
    Kind.ROLE_TAKEN: ("accounts.privilege",),
    Kind.OPENED: ("functions.opened",),
    Kind.SILENCE: ("service.silence",),
    Kind.CLOCK: ("service.clock",),
}
"""Which detections are for which attack. TEACH_SHAPE has none: it sends what the API does not take."""

TOGETHER: Final[tuple[tuple[Kind, ...], ...]] = (
    (Kind.STOLEN_OBJECT, Kind.FOREIGN_WRITE, Kind.FORMER_MEMBER),
    (Kind.TEACH_OWNERSHIP, Kind.TEACH_ROLE, Kind.ENUMERATION_FAST, Kind.ENUMERATION_SLOW, Kind.PROBING, Kind.OPENED),
    (Kind.STUFFING, Kind.TOKEN_THEFT, Kind.CARDING, Kind.COUPONS, Kind.SCRAPING, Kind.CODES, Kind.SCALPING,
     Kind.INJECTION, Kind.INWARD, Kind.OLD_VERSION, Kind.ROLE_TAKEN),
    (Kind.SPRAYING, Kind.CRACKING, Kind.TAKEOVER, Kind.KEY_THEFT, Kind.EXPORT, Kind.OVERLOAD, Kind.SKIPPING),
    (Kind.KEY_MISUSE, Kind.STORM),
    (Kind.SILENCE,),
    (Kind.DORMANT, Kind.CLOCK),
)  # fmt: skip
"""What is played in one run: so many that there is something to count, so few that most traffic is still ordinary."""
SELDOM: Final[dict[Kind, tuple[float, float]]] = {
    Kind.DORMANT: (26.0, 1.0),
    Kind.KEY_THEFT: (10.0, 0.5),
    Kind.KEY_MISUSE: (8.0, 0.34),
    Kind.SKIPPING: (10.0, 1.0),
    Kind.STORM: (6.0, 0.5),
    Kind.SILENCE: (8.0, 2.0),
    Kind.CLOCK: (6.0, 0.5),
    Kind.ROLE_TAKEN: (6.0, 0.5),
}
"""From which day on, and how often a day, where that is not the fifth day and once."""
LONG_DAYS: Final = 30
SHIFT_S: Final = 7_200.0


class Gate:
    """What the guard says of each request: its own stages and marks, all of them watching."""

    def __init__(self, world: World) -> None:
        machines = tuple(one.principal.key for one in world.machines)
        own = ObjectsSettings(staff_roles=(STAFF_ROLE,), staff=machines, warm_up_days=WARM_UP_DAYS)
        nothing = object()
        rights = Rights(own, None, MemoryFacts(), bytes(32))
        self._objects = Objects(None, Parts(None, lambda: 0.0, nothing, nothing, nothing, nothing, rights))  # type: ignore[arg-type] # the stage asks nothing but the rights
        self._marking = Marking(b"key", b"fleeting")
        self._inspect = Inspect(InspectSettings(), Parts(None, lambda: 0.0, nothing, nothing, nothing, nothing, rights))  # type: ignore[arg-type] # nor the inspection
        self._described = {one.key for one in (*OPERATIONS.values(), *FURTHER.values())}
        self._log_ins = {one.key for one in OPERATIONS.values() if purposes(one.method, one.template) & LOG_IN}
        self._count = 0

    def event(self, step: Step) -> Event:
        """Return the event of one request and its answer."""
        call = call_of(step)
        operation = step.truth.operation if step.truth.operation in self._described else ""
        call.operation_key = operation
        self._judged(call, step)
        if operation.startswith("GET /api/v0/"):
            call.rulings.append(Ruling(Decision("route.retired"), is_applied=False))
        if not operation:
            call.rulings.append(Ruling(Decision("route.undescribed"), is_applied=False))
        if operation in self._log_ins:
            call.rulings.append(_ended(step))
        self._count += 1
        return Event(
            f"{self._count:x}", step.at_s, step.method, operation, call.path, step.status,
            "failed" if step.status >= 500 else "passed", step.address, step.principal.key, tuple(call.rulings),
            request_size=len(step.body), answer_size=len(step.answer), marks=self._marking.marks(call),
        )  # fmt: skip

    def _judged(self, call: Call, step: Step) -> None:
        stage = self._objects
        for said in (self._inspect.on_head(call), stage.on_head(call)):
            _take(call, said)
        for said in (self._inspect.on_body(call), stage.on_body(call)) if call.body else ():
            _take(call, said)
        answer = Answer(step.status, list(step.answer_headers), step.answer)
        if stage.wants_answer(call, answer):
            answer.value = parse_json(step.answer)
            _take(call, stage.on_answer_body(call, answer))
        _take(call, stage.on_answer_head(call, answer))
        stage.on_end(call, step.status)


def _take(call: Call, said: object) -> None:
    for one in said if isinstance(said, tuple) else (said,):
        if isinstance(one, Decision):
            call.rulings.append(Ruling(one, is_applied=False))


def _ended(step: Step) -> Ruling:
    """Return what the stage conduct notes of a log-in."""
    value = parse_json(step.answer) if step.answer else {}
    is_good = 200 <= step.status < 300 and (isinstance(value, NotJson) or not says_failure(value))
    return Ruling(Decision("conduct.log-in" if is_good else "conduct.failed-log-in", Effect.NOTE), is_applied=True)


@dataclass(slots=True)
class Instance:
    """One attack: what one attacker does of one kind without a long pause."""

    kind: Kind
    keys: set[str] = field(default_factory=set)
    times: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """A detection, and when it was told."""

    detection: Detection
    at_s: float


@dataclass
class Run:
    """What one run came to."""

    instances: list[Instance]
    told: list[Told]
    days: float
    requests: int


class Moment(NamedTuple):
    """One request: its event, when it came, and what it was in truth."""

    event: Event
    at_s: float
    kind: Kind | None
    """Of which attack; None where nobody means harm."""
    actor: str


def moments(settings: TrafficSettings) -> Iterator[Moment]:
    """Run one fortnight through the gate."""
    world = World(settings)
    gate = Gate(world)
    for step in traffic(settings, world):
        if step.at_s > settings.start_s + settings.days * DAY_S:
            break  # what follows are the last ones who have come, and no day any more
        kind = step.truth.kind if step.truth.is_attack else None
        yield Moment(gate.event(step), step.at_s, kind, step.truth.actor)


def kept(settings: TrafficSettings, path: Path) -> Iterator[Moment]:
    """Yield the moments of a run from a file of ours; where there is none yet, it is written."""
    if not path.exists():
        begun = path.with_suffix(".begun")
        with begun.open("wb") as file:
            for moment in moments(settings):
                pickle.dump(tuple(moment), file, 5)
        begun.rename(path)
    with path.open("rb") as file:
        while True:
            try:
                yield Moment(*pickle.load(file))
            except EOFError:
                return


def play(settings: TrafficSettings, steps: Iterable[Moment]) -> Run:
    """Show the correlator what came, and note what it told and what attacks there were."""
    correlator = Correlator(DETECTIONS, SeeingSettings())
    going: dict[tuple[Kind, str], Instance] = {}
    run = Run([], [], float(settings.days), 0)
    asked_s = settings.start_s
    silent_s = shifted_s = 0.0
    for event, at_s, kind, actor in steps:
        if kind is not None:
            _note(kind, actor, at_s, event, going, run.instances)
            silent_s = at_s + 61.0 if kind is Kind.SILENCE else silent_s
            shifted_s = at_s + 61.0 if kind is Kind.CLOCK else shifted_s
        run.requests += 1
        while at_s > asked_s + 300.0:
            asked_s = max(asked_s + 300.0, at_s - 7_200.0)
            run.told += [Told(one, asked_s) for one in correlator.passed(asked_s)]
        if at_s >= silent_s:
            shown = event._replace(at_s=event.at_s - SHIFT_S) if at_s < shifted_s else event
            run.told += [Told(one, at_s) for one in correlator.see(shown)]
    return run


def _note(
    kind: Kind, actor: str, at_s: float, event: Event,
    going: dict[tuple[Kind, str], Instance], all_of_them: list[Instance],
) -> None:  # fmt: skip
    known = going.get((kind, actor))
    if known is None or at_s - known.times[-1] > PAUSE_S:
        known = going[kind, actor] = Instance(kind)
        all_of_them.append(known)
    known.times.append(at_s)
    known.keys |= {event.principal, _address(event.client)}


def _address(client: str) -> str:
    return f"address:{client.rpartition('::')[0]}::" if "::" in client else f"address:{client}"


def first_told(run: Run, instance: Instance) -> Told | None:
    """Return what was told first about an attack by what is meant for it."""
    begun, ended = instance.times[0], instance.times[-1] + 60.0
    for one in run.told:
        is_about = one.detection.who in instance.keys or one.detection.who == EVERYBODY
        if begun <= one.at_s <= ended and is_about and one.detection.rule in MEANT.get(instance.kind, ()):
            return one
    return None


def false_incidents(run: Run) -> dict[tuple[str, str], int]:
    """Return how many incidents there were about what is no attack, by rule and actor."""
    found: Counter[tuple[str, str]] = Counter()
    last: dict[tuple[str, str], float] = {}
    for one in run.told:
        if one.detection.severity is Severity.NOTE:
            continue  # written down, but nothing that a person must handle
        key = one.detection.rule, one.detection.who
        is_new = one.at_s - last.get(key, 0.0) > DAY_S
        last[key] = one.at_s
        if is_new and not any(_is_about(one, instance) for instance in run.instances):
            found[key] += 1
    return found


def _is_about(told: Told, instance: Instance) -> bool:
    if told.at_s < instance.times[0] or told.detection.first_s > instance.times[-1] + DAY_S:
        return False
    return told.detection.who == EVERYBODY or told.detection.who in instance.keys


@dataclass
class Row:
    """The figures of one kind of attack at one size."""

    seen: list[bool] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    by: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, run: Run, instance: Instance) -> None:
        """Add one attack."""
        told = first_told(run, instance)
        self.seen.append(told is not None)
        if told is not None:
            self.after.append(bisect_right(instance.times, told.at_s))
            self.by[told.detection.rule] += 1
        else:
            self.missed.append(f"{len(instance.times)} from {instance.times[0]:.0f} by {sorted(instance.keys)[-1:]}")


def measure(
    users: int, seeds: Iterable[int], kinds: Sequence[Kind], folder: Path | None
) -> tuple[dict[Kind, Row], float, Counter[str], int]:
    """Return the figures of one size: by kind of attack, false incidents a week, which rules they were of, requests."""
    rows: dict[Kind, Row] = defaultdict(Row)
    wrong: Counter[str] = Counter()
    days, requests = 0.0, 0
    for seed in seeds:
        for group in ((), *TOGETHER):
            attacks = tuple(attack_of(kind) for kind in group if kind in kinds)
            if group and not attacks:
                continue
            lasting = LONG_DAYS if Kind.DORMANT in group else 14
            settings = TrafficSettings(users=users, seed=seed, attacks=attacks, days=lasting)
            run = play(settings, kept(settings, folder / _name(settings)) if folder else moments(settings))
            requests += run.requests
            days += run.days
            for (rule, who), count in false_incidents(run).items():
                wrong[f"{rule} {who.partition(':')[0]}"] += count
            for instance in run.instances:
                rows[instance.kind].add(run, instance)
    return dict(rows), 7 * sum(wrong.values()) / days, wrong, requests


def _name(settings: TrafficSettings) -> str:
    """Return the name of the file of a run: another one where anything of the settings is another."""
    kinds = "-".join(attack.kind for attack in settings.attacks) or "ordinary"
    whole = hashlib.sha256(repr(settings).encode()).hexdigest()[:16]
    return f"{settings.users}_{settings.seed}_{settings.days}_{kinds}"[:180] + f"_{whole}"


def attack_of(kind: Kind) -> Attack:
    """Return how an attack of that kind is played."""
    from_day, per_day = SELDOM.get(kind, (WARM_UP_DAYS + 1.0, 1.0))
    return Attack(kind, from_day=from_day, per_day=per_day)


def lines_of(users: int, rows: dict[Kind, Row], a_week: float) -> Iterator[str]:
    """Yield the rows of the table."""
    for kind in sorted(rows, key=str):
        row = rows[kind]
        if kind not in MEANT:
            continue
        share = sum(row.seen) / len(row.seen)
        middle = f"{median(row.after):.0f}" if row.after else "-"
        most = f"{quantiles(row.after, n=10)[-1]:.0f}" if len(row.after) > 1 else middle
        by = ", ".join(f"`{name}`" for name, _ in row.by.most_common())
        yield f"| {users:,} | `{kind}` | {by} | {share:.2f} of {len(row.seen)} | {middle} ({most}) |"
    yield f"| {users:,} | *nobody means harm* | | {a_week:.2f} false incidents a week | |"


def main() -> int:
    """Measure, print, compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[], help="instead of those of each size")
    parser.add_argument("--kinds", nargs="*", default=[str(kind) for kind in sorted(ATTACKS)])
    parser.add_argument("--only-ordinary", action="store_true", help="no attacks: only what is told wrongly")
    parser.add_argument("--keep", type=Path, help="the folder in which the events of each run are kept")
    parser.add_argument("--docs", type=Path, help="the page whose table is written anew")
    parser.add_argument("--details", action="store_true", help="say which rules were wrong")
    given = parser.parse_args()
    is_missed = False
    table = [
        "| users | attack | told by | seen | after so many requests (most of nine in ten) |",
        "|---:|---|---|---|---|",
    ]
    print("\n".join(table), flush=True)
    for users in given.users:
        seeds = given.seeds or SEEDS.get(users, SEEDS[60])
        kinds = [] if given.only_ordinary or users >= ONLY_ORDINARY else [Kind(one) for one in given.kinds]
        rows, a_week, wrong, requests = measure(users, seeds, kinds, given.keep)
        written = list(lines_of(users, rows, a_week))
        print("\n".join(written), flush=True)
        if given.details:
            print(f"{requests:,} requests; wrong: {json.dumps(wrong.most_common())}")
            print(json.dumps({kind: row.missed[:8] for kind, row in rows.items() if row.missed}, indent=1))
        table += written
        is_missed |= users <= 200 and a_week > MOST_FALSE
        is_missed |= any(sum(row.seen) < LEAST_SEEN * len(row.seen) for kind, row in rows.items() if kind in MEANT)
    if given.docs:
        head, _, rest = given.docs.read_text("utf-8").partition(BEGIN)
        written_table = "\n".join(table)
        given.docs.write_text(f"{head}{BEGIN}{written_table}\n{END}{rest.partition(END)[2]}", "utf-8")
    print("A bar is missed." if is_missed else "All bars hold.")
    return 1 if is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
