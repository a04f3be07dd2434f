"""RES05 against small APIs: to what size is a packed body unpacked."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.resources.unpacking import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.resources.bodies import reading
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (("any size", reading(unpacks=100_000_000)),)
SILENT: tuple[Case, ...] = (
    ("not unpacked", reading()),
    ("unpacked up to a bound", reading(unpacks=1_000_000)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_bodies_that_are_blown_up(case: Case) -> None:
    assert broken_at(case[1], CHECK) == {"the whole API"}


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_there_is_a_bound(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_where_answers_do_not_tell_nothing_is_said() -> None:
    app, description = reading(unpacks=100_000_000, one_answer=True)()
    assert scan_app(app, description, [CHECK]).outcome("RES05", "the whole API") is Outcome.NOT_RUN


def test_an_error_of_the_server_is_no_bound() -> None:
    app, description = reading(unpacks=1_000_000, too_large=500)()
    assert scan_app(app, description, [CHECK]).outcome("RES05", "the whole API") is Outcome.UNSURE
