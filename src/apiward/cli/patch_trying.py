"""Rules for findings tried round by round, by a scan through a guard: what stays, and how each finding stands then."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import click

from apiward.app.patching.cases import Plan, Rule
from apiward.app.patching.filing import take_back
from apiward.app.patching.judging import After, Result, Seen, judge
from apiward.app.patching.loosening import loosened
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded
from apiward.cli.progress import Watcher
from apiward.cli.rescanning import is_shut, scan_again
from apiward.cli.state import State
from apiward.cli.wanted import MAX_SEED, Wanted
from apiward.config.rules_file import rules_text
from apiward.core.finding import Finding

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


def hold(wish: Wish, plan: Plan, base: Path, guard: Guard, state: State, show: Watcher) -> Outcome:
    """Write the rules, scan through a guard, and take back what does not hold. Raises AdvisedError."""
    trial = _Trial(wish, plan, base, guard, state, show)
    try:
        trial.run()
    except BaseException:
        take_back(base, trial.before, plan.rules, frozenset())  # what was not shown is not left behind
        raise
    rules = take_back(base, trial.before, trial.rules, trial.held)
    for finding in wish.findings:
        if finding.id in plan.unheld:
            trial.results[finding.id] = Result(finding, After.NO_RULE, plan.unheld[finding.id])
    return Outcome(tuple(trial.results[finding.id] for finding in wish.findings), rules)


class _Trial:
    """Rules tried round by round, each time with a guard that knows nothing of the time before.

    `held` are the findings whose rules stand in the file, `rules` those that may stand there.
    """

    def __init__(self, wish: Wish, plan: Plan, base: Path, guard: Guard, state: State, show: Watcher) -> None:
        self.before = rules_text(base)
        self.rules = plan.rules
        self.held = frozenset(finding.id for finding in wish.findings) - plan.unheld.keys()
        self.results = dict[str, Result]()
        self._wish, self._base = wish, base
        self._guard, self._state, self._show = guard, state, show
        self._last: list[Rule] = []

    def run(self) -> None:
        """Try all together first, then apart what was in the way, then looser rules for what still is."""
        self._settle(self.held)
        freed = self._apart(self._hindered(), len(self.rules))
        freed |= self._loosely(self._hindered())
        if freed and (len(freed) > 1 or self._last != self._standing(self.held)):
            self._settle(freed)  # each was tried without some of the others, or with what is gone by now

    def _standing(self, held: frozenset[str]) -> list[Rule]:
        return [rule for rule in self.rules if held & set(rule.findings)]

    def _hindered(self) -> list[str]:
        return [one.finding.id for one in self.results.values() if one.after is After.IN_THE_WAY]

    def _settle(self, due: frozenset[str]) -> None:
        """Try what is due, and again where what is taken back may have helped to hold others.

        So is what was unclear, once: a limit on log-ins is in the way of the next check of log-ins.
        """
        is_second = False
        while due:
            fresh, rules = self._round(due)
            gone = [rule for rule in rules if not self.held & set(rule.findings)]
            due = frozenset(one.id for one in self._wish.findings if one.id in self.held and _depends(one, gone))
            if not due and not is_second:
                due, is_second = frozenset(one.finding.id for one in fresh if one.after is After.UNSURE), True

    def _apart(self, hindered: Sequence[str], most: int) -> frozenset[str]:
        """Try in halves what was in the way, with what is held, and return what holds.

        One rule that shuts callers out is in the way of everything: the others must not go with it.
        """
        freed = frozenset[str]()
        half = (len(hindered) + 1) // 2
        for group in (hindered[:half], hindered[half:]):
            rules = self._standing(self.held | set(group))
            if not group or len(rules) >= most:  # no rule fewer than before: the same would come of it
                continue
            freed |= self._with(group)
            freed |= self._apart([id_ for id_ in group if self.results[id_].after is After.IN_THE_WAY], len(rules))
        return freed

    def _loosely(self, hindered: Sequence[str]) -> frozenset[str]:
        """Try looser rules where there are some, and return what they hold."""
        looser = {rule.id: one for rule in self.rules if (one := loosened(rule)) and set(rule.findings) & set(hindered)}
        group = [id_ for id_ in hindered if any(id_ in one.findings for one in looser.values())]
        if not group:
            return frozenset()
        self.rules = tuple(looser.get(rule.id, rule) for rule in self.rules)
        return self._with(group)

    def _with(self, group: Sequence[str]) -> frozenset[str]:
        """Try some with all that is held, and return those of them that hold."""
        self.held |= set(group)
        fresh, _ = self._round(frozenset(group))
        return frozenset(one.finding.id for one in fresh if one.after is After.HELD)

    def _round(self, due: frozenset[str]) -> tuple[list[Result], tuple[Rule, ...]]:
        """Try what is due with all that is held, and take out of `held` what fails; return the rules tried."""
        self._last = self._standing(self.held)
        rules = take_back(self._base, self.before, self.rules, self.held)
        with self._guard() as guarded:
            guarded.await_rules()
            fresh = _tried(self._wish, due, rules, guarded, self._state, self._show)
        self.results.update({one.finding.id: one for one in fresh})
        self.held -= {one.finding.id for one in fresh if one.after in (After.BROKEN, After.IN_THE_WAY)}
        return fresh, rules


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
    if report.was_interrupted:
        raise click.Abort  # half a scan shows nothing, and nobody wants the next one
    off = {
        one for rule in rules if rule.values.get("kind") == "method-off" for one in (*_spoken_of(rule), *rule.findings)
    }
    due = [finding for finding in findings if finding.id in off or finding.operation in off]
    seen = Seen(report, wish.answered, {finding.id: is_shut(guarded.url, finding) for finding in due})
    return [judge(one, [rule for rule in rules if one.id in rule.findings], seen) for one in findings]


def _through(guard: str, url: str) -> str:
    """Return the address of the API as it is reached through the guard."""
    return f"{guard.rstrip('/')}{urlsplit(url).path}"
