from dataclasses import replace
from datetime import date

import pytest

from apiward.core.scan_report import ScanReport
from apiward.prove.baseline import Applied, accept
from apiward.prove.changes import Changes
from apiward.prove.model import Commands, build_model
from tests.prove.sample import CATALOGUE, entry, finding, full_report, report, with_words

DAY = date(2026, 11, 23)
LATER = date(2027, 2, 1)


def test_the_numbers_are_the_lengths_of_the_lists() -> None:
    model = build_model(full_report(), CATALOGUE)
    serious = [group for group in model.groups if group.is_serious]
    assert model.state.headline == f"Your API is open to {len(serious)} serious problems."
    assert model.state.smaller.startswith(f"{len(model.groups) - len(serious)} smaller")
    assert sum(len(group.findings) for group in model.groups) == len(full_report().findings)


def test_the_text_to_send_names_operation_and_fact() -> None:
    model = build_model(report([finding()]), CATALOGUE)
    assert "GET /notes/{id}" in model.groups[0].ask
    assert "Ben was shown" in model.groups[0].ask


def test_accepted_findings_are_set_aside_and_not_counted() -> None:
    bad = finding()
    entry_ = accept(bad, reason="Old test data.", accepted_on=DAY, expires_on=LATER)
    model = build_model(report([bad]), CATALOGUE, baseline=Applied(accepted=(entry_,)))
    assert model.groups == ()
    assert model.accepted == ((bad, entry_),)
    assert model.state.headline == "No new problem. 1 accepted one stands."


def test_an_acceptance_that_ran_out_counts_again_and_says_so() -> None:
    bad = finding()
    entry_ = accept(bad, reason="Old test data.", accepted_on=DAY, expires_on=DAY)
    model = build_model(report([bad]), CATALOGUE, baseline=Applied(expired=(entry_,)))
    assert len(model.groups) == 1
    assert model.news(bad) == "accepted until 2026-11-23; counts again"


def test_what_is_new_and_what_came_back_is_said() -> None:
    first, second, third = finding(), finding(operation="GET /b"), finding(operation="GET /c")
    changes = Changes(new=(first.id,), regressed=(second.id,))
    model = build_model(report([first, second, third]), CATALOGUE, changes=changes)
    assert [model.news(f) for f in (first, second, third)] == ["new", "came back: it held in the scan before", ""]


@pytest.mark.parametrize(
    ("scan", "command"),
    [
        (report([finding()]), f"apiward replay {finding().id}"),
        (report(), "apiward scan http://127.0.0.1:8000 --format html --output report.html"),
        (report(items=()), "apiward checks"),
        (replace(report(), operations_answered=()), "apiward scan --help"),
    ],
)
def test_there_is_always_a_next_command(scan: ScanReport, command: str) -> None:
    assert build_model(scan, CATALOGUE).next_command == command


def test_commands_are_those_of_the_scan() -> None:
    commands = Commands("apiward scan h --spec x --only A1", "apiward scan h --spec x", " --account …")
    model = build_model(report([finding()]), CATALOGUE, commands=commands)
    assert model.next_command == f"apiward replay {finding().id} --account …"
    assert model.groups[0].retest == "apiward scan h --spec x --only OBJ01"
    clean = build_model(report(), CATALOGUE, commands=commands)
    assert clean.next_command == "apiward scan h --spec x --only A1 --format html --output report.html"


def test_a_check_without_words_is_a_bug_of_ours() -> None:
    unknown = replace(finding(), check="XXX99")
    with pytest.raises(KeyError):
        build_model(report([unknown]), CATALOGUE)
    words = entry("XXX99", "x", "Some weakness", unknown.severity)
    assert build_model(report([unknown]), with_words({"XXX99": words})).groups
