"""What `apiward scan` does, from the options to the exit code."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from apiward.catalogue.loading import load_catalogue
from apiward.cli.baseline_file import accepted_now, read_baseline, save_baseline, standing_baseline
from apiward.cli.ending import code_of, failing_ids
from apiward.cli.execution import Result, execute
from apiward.cli.pipeline import for_pipeline, tell_pipeline, unproved
from apiward.cli.progress import watcher
from apiward.cli.recording import Recording
from apiward.cli.repeating import commands_of, shown_headers
from apiward.cli.selection import chosen_checks
from apiward.cli.speaking import is_styled, say, width, write_out
from apiward.cli.state import Context, Kept, State, state_of
from apiward.cli.wanted import Wanted, typed_accounts, wanted
from apiward.cli.writing import Destinations, destinations, write_all
from apiward.config.errors import AdvisedError
from apiward.config.names import DATA_NAME, RULES_NAME
from apiward.prove import words
from apiward.prove.baseline import Baseline, apply_baseline, merged
from apiward.prove.changes import Changes, PreviousReportError, changes_since, parse_previous
from apiward.prove.formats import json as json_format
from apiward.prove.formats import text as text_format
from apiward.prove.model import ReportModel, build_model
from apiward.prove.rendering import FORMATS
from apiward.scan.registry import CHECKS


def scan(given: Mapping[str, object]) -> int:
    """Scan as the options say, write the reports, and return the exit code. Raises AdvisedError."""
    is_ci = given.get("ci") is True
    given = for_pipeline(given) if is_ci and not given.get("dry_run") else given
    url, formats = given.get("url"), given.get("formats")
    asked = wanted(given, url if isinstance(url, str) else None)
    checks = chosen_checks(CHECKS, asked.only, asked.skip)
    state = state_of(os.environ)
    if given.get("dry_run"):
        from apiward.cli.plan_desk import tell_plan  # noqa: PLC0415 - for those alone who ask for the plan

        return tell_plan(given, asked, checks, state)
    output = given.get("output")
    where = destinations(formats if isinstance(formats, tuple) else (), output if isinstance(output, str) else None)
    _check_acceptance(given)
    place = given.get("write_baseline")
    standing = standing_baseline(place if isinstance(place, str) else "")
    baseline = merged(standing, read_baseline(asked.baseline))
    is_quiet = given.get("quiet") is True
    result = execute(asked, checks, state, watcher(is_quiet=is_quiet), _recording(given, asked, is_quiet=is_quiet))
    baseline = _with_accepted(given, baseline, result)
    has_company = _has_company(given, asked.config_path)
    if has_company:
        from apiward.cli.noting import accepted_in_store  # noqa: PLC0415 - as below

        # The store first: it names only what counts now, and the file may hold a line that ran out.
        baseline = merged(accepted_in_store(given, result.report.target), baseline)
    applied = apply_baseline(baseline, result.report.findings, today=_today())
    changes = _changes(state.last_of(asked.kept_as(result.report.target)), result, is_narrow=_is_narrow(asked))
    model = build_model(
        result.report, load_catalogue(), baseline=applied, changes=changes, commands=commands_of(given, asked)
    )
    _keep(state, given, asked, model)
    _write(given, where, model)
    if has_company:
        from apiward.cli.after_scan import tell_company  # noqa: PLC0415 - half a second, for those who have a guard

        tell_company(given, asked.config_path, result.report, state, is_narrow=_is_narrow(asked))
    aside = applied.accepted_ids | (unproved(result.report) if is_ci else frozenset())
    if is_ci:
        failing = failing_ids(result.report, asked.fail_on, aside)
        tell_pipeline(model, failing, os.environ, tell=_line_out if where.is_text_on_stdout else say)
    return code_of(result.report, asked.fail_on, aside)


def _line_out(line: str) -> None:
    write_out(f"{line}\n")


def _recording(given: Mapping[str, object], asked: Wanted, *, is_quiet: bool) -> Recording | None:
    place = given.get("har")
    return Recording(Path(place), asked.accounts, is_quiet=is_quiet) if isinstance(place, str) and place else None


def _has_company(given: Mapping[str, object], config_path: str) -> bool:
    """Whether there may be a guard, its rules or a store that a scan has something to tell."""
    return bool(given.get("store") or config_path or Path(DATA_NAME).exists() or Path(RULES_NAME).exists())


def _check_acceptance(given: Mapping[str, object]) -> None:
    place, reason, expires = (given.get(name) for name in ("write_baseline", "reason", "expires"))
    if place is None:
        if reason or expires:
            raise AdvisedError("--reason and --expires belong to --write-baseline.", "", "Add --write-baseline FILE.")
        return
    if not (isinstance(reason, str) and reason.strip()) or not isinstance(expires, date):
        why = "Who reads the file later must know why a finding was accepted, and until when."
        raise AdvisedError("--write-baseline needs --reason and --expires.", why, "Add both.")
    if expires < _today():
        raise AdvisedError(f"--expires {expires} is in the past.", "", "Name a day to come.")


def _with_accepted(given: Mapping[str, object], baseline: Baseline, result: Result) -> Baseline:
    place, reason, expires = (given.get(name) for name in ("write_baseline", "reason", "expires"))
    if not isinstance(place, str) or not isinstance(reason, str) or not isinstance(expires, date):
        return baseline
    report = result.report
    whole = accepted_now(
        baseline, report.findings, reason=reason, today=_today(), expires=expires, target=report.target
    )
    save_baseline(place, whole)
    count = words.counted(len(whole.accepted), "accepted finding")
    say(f"{place} holds {count} now. Use it with: --baseline {place}")
    return whole


def _changes(kept: Kept | None, result: Result, *, is_narrow: bool) -> Changes | None:
    if kept is None:
        return None
    try:
        changes = changes_since(parse_previous(kept.report_text), result.report)
    except PreviousReportError:
        return None  # written by another version of apiward: as if there were none
    # What a narrow scan did not look at is not gone.
    return replace(changes, unconfirmed=()) if is_narrow else changes


def _is_narrow(asked: Wanted) -> bool:
    return bool(asked.only or asked.skip or asked.operations)


def _keep(state: State, given: Mapping[str, object], asked: Wanted, model: ReportModel) -> None:
    report = model.report
    context = Context(
        url=asked.url,
        spec=asked.spec,
        config=asked.config_path,
        level=report.level,
        seed=asked.seed,
        is_stated=asked.is_stated,
        is_insecure=asked.is_insecure,
        is_allowed=asked.is_allowed,
        accounts=tuple(typed.shown for typed in typed_accounts(given)),
        headers=shown_headers(given),
        rate_per_s=asked.rate_per_s,
        also=asked.also,
        app=asked.app,
        leave_alone=asked.leave_alone,
    )
    was_stopped = report.was_interrupted or report.was_cut_short
    is_whole = not _is_narrow(asked) and not was_stopped and model.coverage.is_enough
    try:
        state.keep(asked.kept_as(report.target), context, json_format.document(model), is_whole=is_whole)
        if report.objects and not asked.app:
            state.keep_objects(report.target, report.started_at.timestamp(), report.objects)
    except OSError as error:
        say(f"This result could not be kept for later ({error.strerror}): replay will not know it.")


def _write(given: Mapping[str, object], where: Destinations, model: ReportModel) -> None:
    color = given.get("color")
    styled = is_styled(wanted=color if isinstance(color, bool) else None)

    def render(name: str, *, is_stdout: bool) -> str:
        if name != "text":
            return FORMATS[name](model)
        show_all = given.get("show_all") is True or not is_stdout
        return text_format.render(model, width=width(), is_styled=styled and is_stdout, show_all=show_all)

    write_all(where, render)
    if not where.is_text_on_stdout and given.get("quiet") is not True:
        say(str(model.state))


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
