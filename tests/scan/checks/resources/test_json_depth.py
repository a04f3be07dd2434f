"""RES04 against small APIs: what becomes of JSON that is nested deeply."""

import pytest

from apiward.core.verdict import Outcome
from apiward.scan.checks.resources.json_depth import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.resources.bodies import reading
from tests.scan.harness import scan_app
from tests.scan.small_api import Case

TRIGGERS: tuple[Case, ...] = (
    ("an error of the server", reading(fails_deep=True)),
    ("an error of the server, from a thousand levels on", reading(fails_deep=True, deepest=1_000)),
)
SILENT: tuple[Case, ...] = (
    ("refused", reading()),
    ("refused, and every refusal is the same", reading(one_answer=True)),
    ("too large as well", reading(most=1_000)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_parsers_that_fail(case: Case) -> None:
    assert broken_at(case[1], CHECK) == {"the whole API"}


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_it_is_refused(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


def test_what_fails_anyway_is_no_finding() -> None:
    app, description = reading(flaky=True)()
    outcome = scan_app(app, description, [CHECK]).outcome("RES04", "the whole API")
    assert outcome in (Outcome.UNSURE, Outcome.NOT_RUN, Outcome.HOLDS)
