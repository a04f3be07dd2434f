from random import Random

from apiward.guard.conducts.rhythm import MAX_CALLERS, ROUND, Rhythm


def test_even_intervals_are_noted_once_an_hour() -> None:
    rhythm = Rhythm()
    said = [rhythm.heard("user:1", "GET /a", number * 2.0) for number in range(ROUND * 4)]
    assert [one.rule for one in said if one] == ["conduct.machine"]


def test_people_are_uneven() -> None:
    rhythm, rng, now_s = Rhythm(), Random(1), 0.0
    for _ in range(ROUND * 4):
        now_s += rng.uniform(0.5, 9.0)
        assert rhythm.heard("user:1", "GET /a", now_s) is None


def test_very_many_operations_at_once_are_noted() -> None:
    rhythm = Rhythm()
    said = [rhythm.heard("user:1", f"GET /{number}", 10.0) for number in range(40)]
    assert len([one for one in said if one]) == 1


def test_a_page_that_loads_is_not() -> None:
    rhythm = Rhythm()
    assert not any(rhythm.heard("user:1", f"GET /{number}", 10.0) for number in range(15))


def test_memory_is_bounded() -> None:
    rhythm = Rhythm()
    for number in range(MAX_CALLERS + 10):
        rhythm.heard(f"user:{number}", "GET /a", 0.0)
    assert len(rhythm._beats) == MAX_CALLERS
