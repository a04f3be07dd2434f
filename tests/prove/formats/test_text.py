import re
from dataclasses import replace
from datetime import date

import pytest

from apiward.core.finding import Severity
from apiward.core.verdict import Outcome
from apiward.prove.baseline import Applied, accept
from apiward.prove.changes import Changes
from apiward.prove.formats import text
from apiward.prove.model import build_model
from tests.prove.sample import CATALOGUE, finding, full_report, hostile_report, item, report

FULL = build_model(full_report(), CATALOGUE)


def test_a_finding_has_all_its_lines() -> None:
    lines = text.render(build_model(report([finding()]), CATALOGUE)).splitlines()
    assert "OBJ01 high · proved  GET /notes/{id}" in lines
    for label in ("saw", "fix", "effort", "more"):
        assert any(line.startswith(f"  {label} ") for line in lines), label
    assert "  more   apiward explain OBJ01" in lines


def test_at_most_five_problems_unless_all_are_wanted() -> None:
    short, whole = text.render(FULL), text.render(FULL, show_all=True)
    assert "and 2 smaller ones: --all" in short
    assert "CFG03" not in short
    assert ": --all\n" not in whole
    assert "CFG03 note · proved  in 9 places" in whole


def test_the_last_line_is_the_next_command() -> None:
    assert text.render(FULL).splitlines()[-1].strip() == FULL.next_command


def test_gaps_are_said_also_where_nothing_was_found() -> None:
    assert "Every check that we started" in text.render(build_model(report(), CATALOGUE))
    assert "Not checked" in text.render(FULL)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    lines = text.render(build_model(hostile_report(), CATALOGUE), width=width, show_all=True).splitlines()
    assert max(len(line) for line in lines) <= width


def test_styles_add_nothing_but_colour() -> None:
    styled = text.render(FULL, is_styled=True)
    assert "\x1b[" in styled
    assert re.sub(r"\x1b\[[0-9;]*m", "", styled) == text.render(FULL)


def test_a_hostile_answer_cannot_steer_the_terminal() -> None:
    plain = text.render(build_model(hostile_report(), CATALOGUE))
    assert "\x1b" not in plain
    assert "\\x1b[2J" in plain
    styled = text.render(build_model(hostile_report(), CATALOGUE), is_styled=True)
    assert "\x1b[2J" not in styled


def test_accepted_expired_and_changed_findings_are_told_apart() -> None:
    day = date(2026, 11, 23)
    aside, again = finding(), finding("AUT04", "POST /login")
    applied = Applied(
        accepted=(accept(aside, reason="Test data.", accepted_on=day, expires_on=day),),
        expired=(accept(again, reason="Later.", accepted_on=day, expires_on=day),),
    )
    changes = Changes(fixed=("0123456789",))
    plain = text.render(build_model(report([aside, again]), CATALOGUE, baseline=applied, changes=changes))
    assert "Accepted, not counted: 1\n  - OBJ01 GET /notes/{id}, until 2026-11-23: Test data." in plain
    assert "accepted until 2026-11-23; counts again" in " ".join(plain.split())
    assert "0 new, 0 came back, 1 fixed" in plain


def test_many_places_are_cut_with_a_word_unless_all_are_wanted() -> None:
    model = build_model(report([finding("CFG03", f"GET /{n}") for n in range(9)]), CATALOGUE)
    assert f"and {9 - text.MAX_PLACES} more: --all" in text.render(model)
    assert "GET /8" in text.render(model, show_all=True)


def test_many_reasons_are_cut_with_a_word_unless_all_are_wanted() -> None:
    items = [item("CFG01", "GET /x", Outcome.UNSURE, f"reason {n}") for n in range(9)]
    model = build_model(report(items=items), CATALOGUE)
    assert "more, with what to do about it: --all" in text.render(model)
    assert "reason 8" in text.render(model, show_all=True)


@pytest.mark.parametrize("width", [60, 80, 100])
def test_not_checked_is_short_unless_all_is_wanted(width: int) -> None:
    scan = replace(full_report(), was_interrupted=True, limits=full_report().limits * 4)
    lines = text.render(build_model(scan, CATALOGUE), width=width).splitlines()
    start = lines.index("Not checked")
    part = lines[start + 1 : lines.index("", start)]
    assert 2 < len(part) <= text.MAX_UNCHECKED_LINES
    assert "stopped" in part[0]
    assert "--all" in part[-1]
    assert ": --all\n" not in text.render(build_model(scan, CATALOGUE), width=width, show_all=True)


def test_hidden_serious_problems_are_not_called_smaller() -> None:
    codes = ("OBJ01", "INJ01", "AUT04", "CFG03", "CFG01", "PRO01", "RES02")
    model = build_model(report([finding(code, severity=Severity.HIGH) for code in codes]), CATALOGUE)
    assert "and 2 more: --all" in text.render(model)
