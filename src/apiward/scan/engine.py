"""The scan engine: prepares the scene, runs the checks phase by phase, and makes the report."""

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from apiward.catalogue.entries import Catalogue
from apiward.core.account import Account
from apiward.core.api import DISCOVERED, LOOKING_AROUND, Api, Operation
from apiward.core.exchange import Headers
from apiward.core.link import Link
from apiward.core.ports import CallListener, Clock, CredentialSource, Sender, TlsLooker
from apiward.core.scan_report import AccountSummary, CheckedItem, ScanReport
from apiward.core.verdict import Outcome, Verdict
from apiward.scan.api import Check
from apiward.scan.calling.caller import Caller
from apiward.scan.calling.traffic import Budget, TargetLostError, Traffic, budget_for
from apiward.scan.cleaning import clean_up, left_behind
from apiward.scan.events import Event, ItemDone, PhaseBegan
from apiward.scan.findings import findings_of, masked_links
from apiward.scan.identities.accounts import Accounts
from apiward.scan.identities.sessions import Session
from apiward.scan.leaving import objects_left
from apiward.scan.level import Level, Phase
from apiward.scan.limits import Limits
from apiward.scan.linking.finding_links import find_links
from apiward.scan.preparation import prepare
from apiward.scan.proofs.restoring import put_all_back
from apiward.scan.scene import Scene
from apiward.scan.working import Crew
from apiward.spec.meaning import dangers

TO_PUT_BACK: Final = 100
_PHASES = {
    Phase.READS: "reading as different people",
    Phase.CHANGES: "trying to change what belongs to others",
    Phase.TIMING: "measuring how long answers take",
    Phase.SESSIONS: "ending and changing sessions",
    Phase.LAST: "trying wrong passwords",
}


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How to scan. `only_operations` narrows the checks, not the preparation; `seed` makes a scan repeatable.

    Without a `budget`, one is made for the size of the API. `patience_s` is how long the scan may
    wait for a token to end, to see whether its end is heeded. `uses_roles`: an account that could give itself a role
    for staff may be used as staff, at level full.
    """

    level: Level = Level.READ
    accounts: tuple[Account, ...] = ()
    only_operations: frozenset[str] = frozenset()
    allow_dangerous: bool = False
    budget: Budget | None = None
    extra_headers: Headers = ()
    seed: int = 0
    patience_s: float = 0.0
    uses_roles: bool = False


class Scan:
    """One scan of one API. `run` it once; `stop` may be called at any time from the same loop."""

    def __init__(
        self,
        api: Api,
        origin: str,
        checks: Sequence[Check],
        settings: ScanSettings,
        *,
        sender: Sender,
        catalogue: Catalogue,
        clock: Clock,
        wait: Callable[[float], Awaitable[None]],
        listen: Callable[[Event], None] = lambda _: None,
        source: CredentialSource | None = None,
        listener: CallListener | None = None,
        tls: TlsLooker | None = None,
    ) -> None:
        self._source = source
        self._listener = listener
        self._tls = tls
        self._api = api
        self._origin = origin
        self._checks = checks
        self._settings = settings
        self._catalogue = catalogue
        self._clock = clock
        self._listen = listen
        self._budget = settings.budget or budget_for(len(api.operations))
        self._was_cut_short = False
        self._traffic = Traffic(sender, self._budget, clock=clock, wait=wait)
        self._crew = Crew(self._budget.at_a_time)
        self._limits = Limits(catalogue.limits)
        self._verdicts: list[Verdict] = []
        self._links: tuple[Link, ...] = ()
        self._accounts: tuple[AccountSummary, ...] = ()
        self._left_alone: list[tuple[str, str]] = []
        self.scene = self._make_scene()

    def stop(self) -> None:
        """End the scan soon: what is under way finishes, is cleaned up and reported."""
        self._crew.stop()

    async def run(self) -> ScanReport:
        """Scan and return the report. Raises nothing for what the target does."""
        started_s = self._clock()
        remains: tuple[str, ...] = ()
        try:
            self._accounts = await prepare(self.scene, self._settings.accounts, self._crew, self._listen)
            for phase in Phase:
                await self._run_phase(phase)
            await self._link()
            remains = await clean_up(self.scene)
        except TargetLostError as lost:
            self._was_cut_short = True
            self._limits.add(lost.limit, target=self._origin, budget=self._budget.requests)
            remains = await self._after_loss(lost)
        return self._report(started_s, remains)

    async def _link(self) -> None:
        """See which findings open the way to what."""
        if self._crew.is_stopped:
            return
        self._listen(PhaseBegan("seeing what findings open together", 0))
        may_use = self._settings.uses_roles and self._settings.level >= Level.FULL
        self._links = await find_links(self.scene, self._verdicts, self._catalogue.stories.values(), uses_roles=may_use)

    async def _after_loss(self, lost: TargetLostError) -> tuple[str, ...]:
        """Set given accounts back where the target is still there, and return what is left behind."""
        if lost.limit == "request-budget":
            self._traffic.grant(TO_PUT_BACK)
            with suppress(TargetLostError):
                await put_all_back(self.scene)
        return left_behind(self.scene)

    async def _run_phase(self, phase: Phase) -> None:
        items = [
            (check, operation)
            for check in self._checks
            if check.phase is phase
            for operation in self._operations_to_check()
            if check.applies(self.scene, operation)
        ]
        if not items:
            return
        self._listen(PhaseBegan(_PHASES[phase], len(items)))
        size = 0 if phase is Phase.READS else 1
        await self._crew.run(items, lambda item: self._run_item(*item), size=size)

    async def _run_item(self, check: Check, operation: Operation) -> None:
        if check.level > self._settings.level:
            verdict = _not_run(check, operation, f"needs --level {check.level.word}")
        else:
            verdict = _trusted(check, await self._guarded(check, operation))
        self._verdicts.append(verdict)
        self._listen(ItemDone(verdict, self._traffic.sent_count, self._traffic.rate_per_s))

    async def _guarded(self, check: Check, operation: Operation) -> Verdict:
        try:
            return await check.run(self.scene, operation)
        except TargetLostError:
            raise
        except Exception as bug:  # noqa: BLE001  # a bug in one check must not lose the others' results
            saw = f"apiward itself failed here ({type(bug).__name__}: {bug}); please report it"
            return Verdict(check.code, operation.key, Outcome.UNSURE, saw)

    def _operations_to_check(self) -> list[Operation]:
        only = self._settings.only_operations
        return [op for op in self.scene.operations if not only or op.key in only]

    def _make_scene(self) -> Scene:
        rng = random.Random(self._settings.seed)  # noqa: S311  # made-up names, not secrets
        caller = Caller(self._origin, self._traffic, self._settings.extra_headers)
        may_write = self._settings.level >= Level.WRITE
        accounts = Accounts(
            caller,
            self._api,
            rng=rng,
            clock=self._clock,
            limits=self._limits,
            may_write=may_write,
            source=self._source,
        )
        return Scene(
            self._api,
            caller,
            accounts,
            operations=tuple(self._not_left_alone()),
            level=self._settings.level,
            rng=rng,
            clock=self._clock,
            limits=self._limits,
            patience_s=self._settings.patience_s,
            listener=self._listener,
            tls=self._tls,
        )

    def _not_left_alone(self) -> list[Operation]:
        kept = []
        for operation in self._api.operations:
            why = None if self._settings.allow_dangerous else dangers.danger(operation, self._api.operations)
            if why:
                self._left_alone.append((operation.key, why))
            else:
                kept.append(operation)
        return kept

    def _report(self, started_s: float, remains: tuple[str, ...]) -> ScanReport:
        if self._settings.level is Level.READ:
            self._limits.add("read-only", level=self._settings.level.word)
        if self._api.dialect == DISCOVERED:
            self._limits.add("no-description", count=len(self._api.operations))
        for problem in self._api.problems:
            if problem.pointer == LOOKING_AROUND:
                self._limits.add("looking-stopped", why=problem.message)
        if unreadable := sum(problem.is_unreadable for problem in self._api.problems):
            self._limits.add("part-unreadable", count=unreadable)
        if self._traffic.slowed_count:
            self._limits.add("slowed-down")
        if self._traffic.sent_count and not self._traffic.answered_count:
            self._limits.add("unreachable", target=self._origin)
        if self._crew.is_stopped:
            self._limits.add("interrupted")
        secrets = {text for session in self._sessions() for text in session.secrets}
        return ScanReport(
            target=self._origin,
            started_at=datetime.fromtimestamp(started_s, UTC),
            duration_s=self._clock() - started_s,
            request_count=self._traffic.sent_count,
            level=self._settings.level.word,
            api_title=self._api.title,
            api_source=self._api.source,
            operations=tuple(op.key for op in self._api.operations),
            operations_asked=tuple(sorted(self.scene.caller.asked)),
            operations_answered=tuple(sorted(self.scene.caller.served)),
            left_alone=tuple(self._left_alone),
            findings=findings_of(self._verdicts, self._catalogue.checks, secrets),
            items=tuple(CheckedItem(v.check, v.operation, v.outcome, v.saw) for v in self._verdicts),
            limits=self._limits.all(),
            accounts=self._accounts,
            left_behind=remains,
            problems=self._api.problems,
            was_interrupted=self._crew.is_stopped,
            was_cut_short=self._was_cut_short,
            objects=objects_left(self.scene),
            links=masked_links(self._links, secrets),
            reached=tuple((key, tuple(sorted(who))) for key, who in sorted(self.scene.reached.items())),
        )

    def _sessions(self) -> list[Session]:
        return [*self.scene.users, *self.scene.privileged, *self.scene.spares]


def _not_run(check: Check, operation: Operation, why: str) -> Verdict:
    return Verdict(check.code, operation.key, Outcome.NOT_RUN, why)


def _trusted(check: Check, verdict: Verdict) -> Verdict:
    """Return the verdict; a finding without the control that its check owes is no finding."""
    lacks_control = verdict.evidence is not None and verdict.evidence.control is None
    if verdict.outcome is Outcome.BROKEN and lacks_control and not check.is_passive:
        saw = "apiward itself failed here (a finding without a control); please report it"
        return Verdict(verdict.check, verdict.operation, Outcome.UNSURE, saw)
    return verdict
