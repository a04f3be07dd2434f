"""Functions of staff, tried by somebody who is none, and paths that might be there."""

from typing import Final

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import insider, unknown
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World

_PATHS: Final = (
    "/api/admin/config", "/api/admin/users/all", "/api/internal/health", "/api/v2/admin/users", "/api/debug",
    "/api/admin/backup", "/api/users", "/actuator/env",
)  # fmt: skip


def probe(world: World, attack: Attack) -> Session:
    """Try what only staff may do."""
    raid = yield from insider(world, attack)
    pause = 2.0 + world.rng.random() * 60.0
    yield raid.ask("all-users", after_s=pause)
    yield raid.ask("all-orders", extra=f"customer={world.pick_user().number}", after_s=pause)
    yield raid.ask("export", after_s=pause)
    yield raid.ask("set-role", str(raid.user.number), {"role": "support"}, after_s=pause)
    for path in _PATHS:
        yield raid.ask("me", after_s=pause)._replace(operation=unknown("GET", path))
