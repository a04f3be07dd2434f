"""What makes watching blind: nothing arrives, or with wrong times. Who measures leaves out or shifts the events."""

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import outsider
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World

SILENT_MINUTES = 90
SHIFTED_MINUTES = 30
_WORKDAYS = 5
_MORNING, _EVENING = 9.0, 15.0


def fall_silent(world: World, attack: Attack) -> Session:
    """Mark the minutes from which no event arrives, of a workday when everybody is at work."""
    day, hour = divmod((world.now_s - world.settings.start_s) / 3_600.0, 24.0)
    if day % 7 < _WORKDAYS and _MORNING <= hour < _EVENING:
        yield from _marked(world, attack, SILENT_MINUTES)


def shift_clock(world: World, attack: Attack) -> Session:
    """Mark the minutes whose events bear the time of two hours before."""
    yield from _marked(world, attack, SHIFTED_MINUTES)


def _marked(world: World, attack: Attack, minutes: int) -> Session:
    raid = outsider(world, attack)
    actor = f"attacker:{int(world.rng.random() * 2**20)}"
    for _ in range(minutes):
        yield raid.ask("list-article", after_s=60.0, actor=actor)
