"""What `apiward patch` does: rules for findings, taken by the guard, and proved by a scan through it."""

import contextlib
import getpass
import os
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from apiward.app.guarding.description import is_address
from apiward.app.guarding.place import Place
from apiward.app.patching.cases import Plan, Rule
from apiward.app.patching.filing import take_back
from apiward.app.patching.judging import After, Result, Seen, judge
from apiward.app.patching.making import plan_rules
from apiward.app.patching.reading import UnreadableFindingError, read_finding
from apiward.catalogue.loading import load_catalogue
from apiward.cli.again import asked_again
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded, guard_for_test
from apiward.cli.guarding import settings
from apiward.cli.patch_words import rules_toml, told
from apiward.cli.progress import Watcher, watcher
from apiward.cli.rescanning import described_again, is_shut, scan_again
from apiward.cli.speaking import say, write_out
from apiward.cli.state import Kept, State, state_of
from apiward.cli.wanted import MAX_SEED, Wanted
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.config.rules_file import rules_text
from apiward.core.api import Api
from apiward.core.finding import Finding

LIVE_RATE: Final = 15.0
"""Requests a second to a guard that runs: its quotas are for callers, and the scan is one of them."""

Guard: TypeAlias = Callable[[], AbstractContextManager[Guarded]]
"""Gives a guard for one scan."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be held, for whom and until when. `accounts` of the scan come with `asked`."""

    findings: tuple[Finding, ...]
    answered: frozenset[str]
    asked: Wanted
    owner: str
    expires: date
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: each finding with its rules, and the rules that stay."""

    results: tuple[Result, ...]
    rules: tuple[Rule, ...]

    @property
    def code(self) -> ExitCode:
        """Return 0 where all is held, 1 where something is not, 3 where something could not be shown."""
        after = {result.after for result in self.results}
        if after & {After.BROKEN, After.IN_THE_WAY, After.NO_RULE}:
            return ExitCode.BROKEN
        return ExitCode.NOT_ENOUGH if After.UNSURE in after else ExitCode.HOLDS


def patch(given: Mapping[str, object]) -> int:
    """Hold findings shut; return 0, 1 or 3. Raises AdvisedError."""
    state = state_of(os.environ)
    kept, findings = _chosen(state, given)
    file, config = settings(given)
    place = Place.of(file, config)
    wish = _wish(given, kept, findings)
    api = described_again(wish.asked)
    plan = planned(wish, api)
    if given.get("dry_run") is True:
        write_out(rules_toml(plan.rules))
        for finding in findings:
            if finding.id in plan.unheld:
                say(f"{finding.id} {finding.check} {finding.operation}: no rule. {plan.unheld[finding.id]}.")
        return ExitCode.HOLDS
    show = watcher(is_quiet=given.get("quiet") is True)
    guard = _guard(given, wish, api, place, config)
    outcome = hold(wish, plan, place.base, guard, state, show)
    with contextlib.suppress(OSError):  # without it, a later scan cannot say that a rule is not needed any more
        state.keep_patched(kept, frozenset(one for rule in outcome.rules for one in rule.findings))
    write_out(told(outcome.results, outcome.rules, place.base))
    return outcome.code


def planned(wish: Wish, api: Api) -> Plan:
    """Return the rules for what is wished."""
    return plan_rules(wish.findings, api, load_catalogue(), owner=wish.owner, expires=wish.expires, staff=wish.staff)


def hold(wish: Wish, plan: Plan, base: Path, guard: Guard, state: State, show: Watcher) -> Outcome:
    """Write the rules, scan through a guard, and take back what does not hold. Raises AdvisedError.

    Where what is taken back may have helped to hold others, those are tried again, with a guard that knows nothing
    of the first time. So is what was unclear, once: a limit on log-ins is in the way of the next check of log-ins.
    """
    before = rules_text(base)
    results = dict[str, Result]()
    held = frozenset(finding.id for finding in wish.findings) - plan.unheld.keys()
    due, is_second = held, False
    try:
        while due:
            rules = take_back(base, before, plan.rules, held)
            with guard() as guarded:
                guarded.await_rules()
                fresh = _tried(wish, due, rules, guarded, state, show)
            results.update({one.finding.id: one for one in fresh})
            failed = frozenset(one.finding.id for one in fresh if one.after in (After.BROKEN, After.IN_THE_WAY))
            held -= failed
            gone = [rule for rule in rules if not held & set(rule.findings)]
            due = frozenset(one.id for one in wish.findings if one.id in held and _depends(one, gone))
            if not due and not is_second:
                due, is_second = frozenset(one.finding.id for one in fresh if one.after is After.UNSURE), True
    except BaseException:
        take_back(base, before, plan.rules, frozenset())  # what was not shown is not left behind
        raise
    rules = take_back(base, before, plan.rules, held)
    for finding in wish.findings:
        if finding.id in plan.unheld:
            results[finding.id] = Result(finding, After.NO_RULE, plan.unheld[finding.id])
    return Outcome(tuple(results[finding.id] for finding in wish.findings), rules)


def _depends(finding: Finding, gone: Sequence[Rule]) -> bool:
    """Whether one of the rules that were taken back spoke of the operation of a finding, so that it may have helped."""
    return any(finding.operation in _spoken_of(rule) or "*" in str(rule.values.get("operation")) for rule in gone)


def _spoken_of(rule: Rule) -> tuple[str, ...]:
    operations = rule.values.get("operations")
    return tuple(map(str, operations)) if isinstance(operations, list) else (str(rule.values.get("operation")),)


def _tried(
    wish: Wish, ids: frozenset[str], rules: Sequence[Rule], guarded: Guarded, state: State, show: Watcher
) -> list[Result]:
    findings = [finding for finding in wish.findings if finding.id in ids]
    seed = random.SystemRandom().randrange(MAX_SEED)  # the names of an earlier round are taken by now
    asked = replace(wish.asked, url=_through(guarded.url, wish.asked.url), seed=seed)
    report = scan_again(asked, findings, state, show)
    off = {
        one for rule in rules if rule.values.get("kind") == "method-off" for one in (*_spoken_of(rule), *rule.findings)
    }
    due = [finding for finding in findings if finding.id in off or finding.operation in off]
    seen = Seen(report, wish.answered, {finding.id: is_shut(guarded.url, finding) for finding in due})
    return [judge(one, [rule for rule in rules if one.id in rule.findings], seen) for one in findings]


def _through(guard: str, url: str) -> str:
    """Return the address of the API as it is reached through the guard."""
    return f"{guard.rstrip('/')}{urlsplit(url).path}"


def _guard(given: Mapping[str, object], wish: Wish, api: Api, place: Place, config: GuardConfig) -> Guard:
    """Return the guard that runs, where one is named, else one for the time of a scan."""
    url = given.get("guard")
    if isinstance(url, str) and url:
        running = Guarded(url if "://" in url else f"http://{url}", place.base, place.data)
        return lambda: nullcontext(running)
    parts = urlsplit(wish.asked.url)
    named = config.description
    spec = (named if is_address(named) else str(place.base / named)) if named else api.source
    origin = f"{parts.scheme}://{parts.netloc}"
    return lambda: guard_for_test(origin, base=place.base, config=place.file, spec=spec)


def _chosen(state: State, given: Mapping[str, object]) -> tuple[Kept, tuple[Finding, ...]]:
    """Return the scan and those of its findings that are meant. Raises AdvisedError."""
    wanted = tuple(str(one) for one in _many(given.get("findings")))
    kept = state.last()
    if kept is None:
        raise AdvisedError("There is no finding yet.", "No scan is kept here.", "Scan first: apiward scan URL")
    if given.get("every") is True:
        found = [one for one in kept.findings if one.get("accepted") is None]
        if not found:
            raise AdvisedError("There is nothing to hold.", "The last scan found nothing.", "")
    elif wanted:
        pairs = [state.find(id_) for id_ in wanted]
        missing = [id_ for id_, pair in zip(wanted, pairs, strict=True) if pair is None]
        if missing:
            known = ", ".join(str(one.get("id")) for one in kept.findings[:5])
            hint = f"The last scan found: {known}." if known else "The last scan found nothing."
            raise AdvisedError(f"There is no finding {missing[0][:40]!a}.", hint, "Scan first: apiward scan URL")
        scans = {pair[0].target: pair[0] for pair in pairs if pair is not None}
        if len(scans) > 1:
            raise AdvisedError("These findings are of several APIs.", ", ".join(scans), "Give those of one at a time.")
        kept, found = next(iter(scans.values())), [pair[1] for pair in pairs if pair is not None]
    else:
        raise AdvisedError("Which finding?", "", "Write: apiward patch FINDING, or apiward patch --all")
    try:
        return kept, tuple(read_finding(one) for one in found)
    except UnreadableFindingError as error:
        why = f"It was written by another version of apiward ({error})."
        raise AdvisedError("The last scan cannot be read.", why, "Scan again: apiward scan URL") from None


def _wish(given: Mapping[str, object], kept: Kept, findings: tuple[Finding, ...]) -> Wish:
    asked = asked_again(given, kept.context, ())
    if given.get("guard") and asked.rate_per_s is None:
        asked = replace(asked, rate_per_s=LIVE_RATE)
    days = given.get("days")
    coverage = kept.report.get("coverage")
    answered = coverage.get("operations_answered") if isinstance(coverage, dict) else []
    return Wish(
        findings,
        frozenset(str(one) for one in answered) if isinstance(answered, list) else frozenset(),
        replace(asked, spec=asked.spec or _source(kept)),
        str(given.get("owner") or getpass.getuser()),
        (datetime.now(UTC) + timedelta(days=days if isinstance(days, int) else 90)).date(),
        tuple(str(one) for one in _many(given.get("staff"))),
    )


def _source(kept: Kept) -> str:
    scan = kept.report.get("scan")
    return str(scan.get("api_source", "")) if isinstance(scan, dict) else ""


def _many(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()
