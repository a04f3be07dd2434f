"""The whole simulation: day by day, who comes when, and who attacks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from apiward.demo.traffic.attacks.registry import attack_sessions
from apiward.demo.traffic.people import User
from apiward.demo.traffic.running import Refuses, Runner
from apiward.demo.traffic.settings import DAY_S, TrafficSettings
from apiward.demo.traffic.values import Step
from apiward.demo.traffic.visits import changes, guests, machines
from apiward.demo.traffic.visits.ordinary import bookmarks, visit
from apiward.demo.traffic.visits.staff import service
from apiward.demo.traffic.world import World

HOUR_S: Final = 3_600.0
_GONE_FROM: Final = 4
"""The day from which who is away does not come any more."""
_WEEKEND: Final = 0.15
"""Of the visits of a workday, so many are there on a day of the weekend."""
_GUESTS: Final = 0.12
"""Guests a day, for each user."""


def traffic(settings: TrafficSettings, world: World | None = None, refuses: Refuses | None = None) -> Iterator[Step]:
    """Yield every request of the simulated time in its order. The same settings give the same bytes.

    `world` is given by who wants to look into it; it must be fresh, and made of the same settings. `refuses` stands
    before the API: what it refuses does not happen.
    """
    world = world or World(settings)
    runner = Runner(world, refuses)
    for day in range(settings.days):
        _plan(world, runner, day)
        yield from runner.run(settings.start_s + (day + 1) * DAY_S)
    yield from runner.run(settings.start_s + (settings.days + 1) * DAY_S)


def benign_fortnight(users: int = 60, seed: int = 1, *, sound: bool = True) -> Iterator[Step]:
    """Yield fourteen days in which nobody means harm."""
    return traffic(TrafficSettings(users=users, seed=seed, sound=sound))


def benign_only(settings: TrafficSettings) -> Iterator[Step]:
    """Yield the same business without its attackers."""
    return traffic(replace(settings, attacks=()))


def _plan(world: World, runner: Runner, day: int) -> None:
    begin_s = world.settings.start_s + day * DAY_S
    share = 1.0 if day % 7 < 5 else _WEEKEND
    if world.settings.role_changes:
        _change(world, runner, day)
    for user in world.users:
        for _ in range(_count(world, world.settings.visits_per_workday * share)):
            if day >= _GONE_FROM and user in world.away:
                continue
            _visit(world, runner, user, begin_s)
    for number in range(_count(world, len(world.users) * _GUESTS * max(share, 0.5))):
        session = guests.checkout if world.rng.random() < 0.6 else guests.reader
        runner.begin(session(world, day * 100_000 + number), begin_s + 6 * HOUR_S + world.rng.random() * 17 * HOUR_S)
    for number, machine in enumerate(world.machines):
        work = machines.contacts if number else machines.ledger
        runner.begin(work(world, machine), begin_s + 2 * HOUR_S + number * 60.0)
    for at_s, attack in attack_sessions(world, day):
        runner.begin(attack, begin_s + at_s)


def _visit(world: World, runner: Runner, user: User, begin_s: float) -> None:
    rng = world.rng
    device = user.devices[int(rng.random() * len(user.devices))]
    hour = 8.0 + rng.random() * 10.0 if rng.random() < 0.85 else 6.0 + rng.random() * 15.5
    if user.is_staff and rng.random() < 0.8:
        session = service(world, user, device)
    elif device.is_phone and rng.random() < 0.3:
        session = bookmarks(world, user, device)
    else:
        session = visit(world, user, device)
    runner.begin(session, begin_s + hour * HOUR_S)


def _change(world: World, runner: Runner, day: int) -> None:
    """Change roles and tenants in the night, when nobody is at work: of some people, of more in a large business."""
    many = max(1, len(world.users) // 200)
    night_s = world.settings.start_s + day * DAY_S + 3 * HOUR_S
    for number in range(many):
        if day == 4:
            runner.begin(changes.become_staff(world), night_s + number * 120.0)
        elif day == 8:
            runner.begin(changes.leave_staff(world), night_s + number * 120.0)
        elif day in {2, 9}:
            changes.move(world)


def _count(world: World, mean: float) -> int:
    """Return a whole number around `mean`, spread as arrivals are."""
    number, left = 0, mean - world.rng.expovariate(1.0)
    while left > 0:
        number, left = number + 1, left - world.rng.expovariate(1.0)
    return number
