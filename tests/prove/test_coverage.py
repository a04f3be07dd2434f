from dataclasses import replace

from apiward.core.verdict import Outcome
from apiward.prove import words
from apiward.prove.coverage import NOBODY, OTHERS, Reached, checked_enough, coverage_of
from apiward.prove.formats import html, json, text
from apiward.prove.model import build_model
from tests.prove.sample import CATALOGUE, full_report, item, report


def test_operations_without_a_clear_result_do_not_count_as_checked() -> None:
    coverage = coverage_of(full_report())
    assert len(coverage.operations) == 13
    assert set(coverage.operations) - set(coverage.checked) == {"POST /reset", "DELETE /clients/{id}"}
    assert coverage.silent == ("DELETE /clients/{id}",)


def test_only_operations_that_were_asked_can_be_silent() -> None:
    narrow = replace(report(answered=()), operations_asked=("POST /login",))
    assert coverage_of(narrow).silent == ("POST /login",)


def test_keys_that_nobody_described_do_not_count() -> None:
    coverage = coverage_of(replace(report(), operations_answered=("GET /debug", "POST /login")))
    assert (coverage.answered, coverage.silent) == (("POST /login",), ("GET /notes/{id}",))


def test_equal_reasons_are_one() -> None:
    reasons = coverage_of(full_report()).reasons
    assert [(r.outcome, len(r.cases)) for r in reasons] == [(Outcome.NOT_RUN, 4), (Outcome.UNSURE, 1)]


def test_counts_by_check() -> None:
    counts = {count.check: count for count in coverage_of(full_report()).checks}
    assert (counts["CFG03"].broken, counts["OBJ01"].unsure, counts["PRO01"].not_run) == (9, 1, 4)


def test_enough_needs_an_answer_and_a_result() -> None:
    assert checked_enough(report())
    assert not checked_enough(replace(report(), operations_answered=()))
    assert not checked_enough(report(items=[item("CFG01", "GET /x", Outcome.UNSURE)]))
    assert not checked_enough(report(items=[]))


REACHED = replace(
    full_report(),
    reached=(
        ("GET /notes", ("", "anna", "ben", "spare account 7")),
        ("GET /clients", ("anna",)),
        ("GET /not-described", ("ben",)),
    ),
)


def test_each_operation_tells_who_got_a_good_answer_and_how_its_checks_ended() -> None:
    coverage = coverage_of(REACHED)
    rows = {row.operation: row for row in coverage.rows}
    assert tuple(rows) == coverage.operations
    assert rows["GET /notes"].viewers == ("anna", "ben", OTHERS, NOBODY)
    assert (rows["GET /clients"].viewers, rows["GET /clients"].state) == (("anna",), Reached.ANSWERED)
    assert (rows["POST /reset"].state, rows["POST /reset"].why) == (
        Reached.LEFT_ALONE,
        "its name says that it deletes data",
    )
    gone = rows["DELETE /clients/{id}"]
    assert (gone.state, gone.unsure, gone.holds) == (Reached.SILENT, 1, 0)
    assert coverage.viewers == (("anna", 2), ("ben", 1), (OTHERS, 1), (NOBODY, 1))


def test_every_operation_is_in_one_group_and_the_numbers_are_those_of_the_rows() -> None:
    coverage = coverage_of(replace(REACHED, operations_asked=REACHED.operations_asked[:-3], left_alone=()))
    assert sum(len(coverage.of(state)) for state in Reached) == len(coverage.operations)
    assert coverage.of(Reached.NOT_ASKED)
    total = sum(row.holds + row.broken + row.unsure + row.not_run for row in coverage.rows)
    assert total == sum(item.operation in coverage.operations for item in REACHED.items)


def test_every_form_tells_the_coverage_of_each_operation() -> None:
    model = build_model(REACHED, CATALOGUE)
    page, full = html.render(model), " ".join(text.render(model, show_all=True, width=200).split())
    for row in model.coverage.rows:
        assert f"<code>{row.operation.replace('&', '&amp;')}</code>" in page
        assert f"- {row.operation}: " in full
    assert "2 as anna, 1 as ben, 1 as other test accounts, 1 without a log-in" in full
    covered = json.document(model)["coverage"]
    assert isinstance(covered, dict)
    assert len(str(covered["by_operation"]).split("'operation'")) == len(model.coverage.rows) + 1


def test_where_nobody_noted_who_was_answered_nothing_is_said_of_it() -> None:
    assert words.reached_sentence(coverage_of(full_report())) == ""
    assert coverage_of(full_report()).viewers == ()
