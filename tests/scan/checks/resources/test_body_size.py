"""RES03 against small APIs: how much of a body is read."""

import pytest

from apiward.core.exchange import Exchange, Request, Response
from apiward.core.verdict import Outcome
from apiward.scan.api import Check
from apiward.scan.checks.configuration.security_headers import CHECK as HEADERS
from apiward.scan.checks.resources.body_size import CHECK
from apiward.scan.level import Level
from apiward.scan.proofs.bulk import kept_short
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.resources.bodies import reading
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    ("any size", reading(most=100_000_000)),
    ("any size, and the place is told", reading(most=100_000_000, says_place=True)),
)
SILENT: tuple[Case, ...] = (("a bound of one megabyte", reading()), ("a bound of a page", reading(most=8_000)))


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_bodies_that_are_read_to_their_end(case: Case) -> None:
    assert broken_at(case[1], CHECK) == {"the whole API"}


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_there_is_a_bound(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


@pytest.mark.parametrize("options", [{"one_answer": True}, {"looks": False}])
def test_where_answers_do_not_tell_nothing_is_said(options: dict[str, bool]) -> None:
    app, description = reading(most=100_000_000, **options)()
    assert scan_app(app, description, [CHECK]).outcome("RES03", "the whole API") is Outcome.NOT_RUN


def test_an_error_of_the_server_is_no_bound() -> None:
    app, description = reading(too_large=500)()
    assert scan_app(app, description, [CHECK]).outcome("RES03", "the whole API") is Outcome.UNSURE


def test_it_needs_level_full() -> None:
    app, description = TRIGGERS[0][1]()
    assert not scan_app(app, description, [CHECK], level=Level.WRITE).report.findings


def test_what_a_body_made_is_counted_among_what_the_scan_made() -> None:
    def left(check: Check) -> int:
        app, description = reading(looks=False)()
        said = scan_app(app, description, [check]).report.left_behind
        return next(int(one.split()[0]) for one in said if one.endswith("made by POST /notes"))

    assert left(CHECK) == left(HEADERS) + 1


def test_evidence_does_not_keep_megabytes() -> None:
    request = Request("POST", "http://a.test/", (), b"x" * 5_000)
    assert len(kept_short(Exchange(request, Response(400))).request.body) < 200
