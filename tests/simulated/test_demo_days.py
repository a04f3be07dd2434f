"""A normal fortnight of the demo business works in both twins, and passes its guard."""

from collections import Counter
from pathlib import Path

import pytest

from apiward.demo.weaknesses import WEAKNESSES
from tests.demo.visitor import Around, Visitor, directly
from tests.guarded.demo_guard import behind_guard
from tests.simulated.demo_days import DAY_S, fortnight


@pytest.mark.long
@pytest.mark.parametrize(
    ("weaknesses", "around", "days"),
    [((), directly, 5), (tuple(WEAKNESSES), directly, 5), ((), behind_guard, 14)],
    ids=["sound", "weak", "sound-guarded"],
)
def test_nothing_of_a_normal_fortnight_is_refused(
    weaknesses: tuple[str, ...], around: Around, days: int, tmp_path: Path
) -> None:
    visitor = Visitor(weaknesses, tmp_path, around)
    begin = visitor.now
    counts: Counter[str] = Counter()
    for stop in fortnight(visitor, clients=5, days=days):
        counts[stop.operation] += 1
        assert 200 <= stop.reply.status < 400, (stop.operation, stop.reply)
    assert len(counts) >= 2.5 * days
    assert sum(counts.values()) >= 35 * days
    assert visitor.now - begin > (days - 2) * DAY_S
    visitor.close()


@pytest.mark.long
def test_the_same_seed_gives_the_same_fortnight(tmp_path: Path) -> None:
    def calls(name: str, seed: int) -> list[str]:
        (tmp_path / name).mkdir()
        visitor = Visitor((), tmp_path / name)
        found = [stop.operation for stop in fortnight(visitor, clients=3, days=3, seed=seed)]
        visitor.close()
        return found

    assert calls("a", 1) == calls("b", 1) != calls("c", 2)
