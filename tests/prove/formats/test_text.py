import re

import pytest
from tests.prove.sample import CATALOGUE, finding, full_report, hostile_report, report

from apiward.prove.formats import text
from apiward.prove.model import build_model

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
    assert "--all" not in whole
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
