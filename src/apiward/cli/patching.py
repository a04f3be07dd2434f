"""What `apiward patch` does: rules for findings, taken by the guard, and proved by a scan through it."""

import contextlib
import getpass
import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from apiward.app.guarding.description import is_address
from apiward.app.guarding.place import Place
from apiward.app.patching.cases import Plan
from apiward.app.patching.making import plan_rules
from apiward.app.patching.reading import UnreadableFindingError, read_finding
from apiward.catalogue.loading import load_catalogue
from apiward.cli.again import asked_again
from apiward.cli.exits import ExitCode
from apiward.cli.guard_process import Guarded, guard_for_test
from apiward.cli.guarding import settings
from apiward.cli.patch_trying import Guard, Wish, hold
from apiward.cli.patch_words import rules_toml, told
from apiward.cli.progress import watcher
from apiward.cli.rescanning import described_again
from apiward.cli.speaking import say, write_out
from apiward.cli.state import Kept, State, state_of
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig
from apiward.core.api import Api
from apiward.core.finding import Finding

LIVE_RATE: Final = 15.0
"""Requests a second to a guard that runs: its quotas are for callers, and the scan is one of them."""


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
    if kept.context.app:
        why = "A rule is tried at a guard, and a guard stands before a server."
        raise AdvisedError("These findings are of an app without a server.", why, "Scan its server: apiward scan URL")
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
