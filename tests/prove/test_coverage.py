from dataclasses import replace

from apiward.core.verdict import Outcome
from apiward.prove.coverage import checked_enough, coverage_of
from tests.prove.sample import full_report, item, report


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
