import math
from datetime import UTC, datetime

import pytest

from apiward.core.moments import LAST_S, utc

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at_s", "moment"),
    [
        (1_796_083_200.5, datetime(2026, 12, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        (0.0, FIRST),
        (-1.0, FIRST),
        (-math.inf, FIRST),
        (math.nan, FIRST),
        (LAST_S, LAST),
        (LAST_S + 1.0, LAST),
        (math.inf, LAST),
    ],
)
def test_every_number_has_a_moment(at_s: float, moment: datetime) -> None:
    assert utc(at_s) == moment
