"""The simulation as a whole: the same again for the same seed, in order, and never all of it in memory."""

import gc
import hashlib
import os
import subprocess
import sys
from collections import Counter
from itertools import islice
from typing import Final

import pytest

from apiward.demo.traffic.fortnight import benign_fortnight, benign_only, traffic
from apiward.demo.traffic.settings import DAY_S, Attack, TrafficSettings
from apiward.demo.traffic.values import Kind, Step

SMALL: Final = TrafficSettings(users=12, days=2, seed=5, attacks=(Attack(Kind.FOREIGN_WRITE, from_day=0.0),))
_SAID: Final = """
from tests.demo.traffic.test_fortnight import SMALL, digest
print(digest(SMALL))
"""


def digest(settings: TrafficSettings) -> str:
    """Return what stands for every byte of a simulation, and for its truth."""
    found = hashlib.sha256()
    for step in traffic(settings):
        found.update(repr((step, step.headers, step.body, step.answer_headers, step.answer, step.principal)).encode())
    return found.hexdigest()


def test_the_same_settings_give_the_same_bytes() -> None:
    assert digest(SMALL) == digest(SMALL)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_settings_give_the_same_bytes_in_another_process(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", _SAID], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(SMALL)


def test_another_seed_gives_another_course_of_things() -> None:
    assert digest(SMALL) != digest(TrafficSettings(users=12, days=2, seed=6, attacks=SMALL.attacks))


def test_time_goes_forward_through_all_days() -> None:
    settings = TrafficSettings(users=10, days=3)
    times = [step.at_s for step in traffic(settings)]
    assert times == sorted(times)
    assert {int((at_s - settings.start_s) // DAY_S) for at_s in times} >= {0, 1, 2}


@pytest.mark.long
def test_steps_are_made_when_they_are_asked_for_and_not_kept() -> None:
    before = _alive()
    steps = traffic(TrafficSettings(users=60))
    for _ in islice(steps, 2_000):
        pass
    assert _alive() - before <= 2


def _alive() -> int:
    gc.collect()
    return sum(isinstance(one, Step) for one in gc.get_objects())


@pytest.mark.parametrize("users", [10, 60])
def test_people_send_some_tens_of_requests_on_a_workday(users: int) -> None:
    settings = TrafficSettings(users=users, days=5, seed=users)
    count = sum(1 for step in traffic(settings) if step.truth.actor.startswith("user:"))
    assert 12 <= count / users / 5 <= 35


def test_weekends_are_quiet() -> None:
    settings = TrafficSettings(users=60, days=7)
    by_day = Counter(int((step.at_s - settings.start_s) // DAY_S) for step in traffic(settings))
    assert by_day[5] * 3 < by_day[2]
    assert by_day[6] * 3 < by_day[2]


def test_the_benign_fortnight_holds_no_attack_and_lasts_fourteen_days() -> None:
    steps = list(benign_fortnight(10, 3))
    assert not any(step.truth.is_attack or not step.truth.is_rightful for step in steps)
    assert 13 * DAY_S < steps[-1].at_s - steps[0].at_s < 15 * DAY_S


def test_a_business_can_be_had_without_its_attackers() -> None:
    assert any(step.truth.is_attack for step in traffic(SMALL))
    assert not any(step.truth.is_attack for step in benign_only(SMALL))


@pytest.mark.parametrize("wrong", [{"users": 1}, {"days": 0}])
def test_an_empty_business_is_none(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least two users"):
        TrafficSettings(**wrong)  # type: ignore[arg-type]


def test_ordinary_use_is_no_attack() -> None:
    with pytest.raises(ValueError, match="no attack"):
        Attack(Kind.USE)
