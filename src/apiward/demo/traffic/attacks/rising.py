"""More rights than one was given: a role in the token, a function of staff that opens by a change in the database."""

from dataclasses import replace

from apiward.core.jsonvalue import Json
from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.attacks.attacking import insider
from apiward.demo.traffic.callers import STAFF_ROLE, Caller
from apiward.demo.traffic.settings import Attack
from apiward.demo.traffic.world import World


def take_role(world: World, attack: Attack) -> Session:
    """Come with a token that says one is staff, though nobody of the staff has said so."""
    raid = yield from insider(world, attack)
    yield raid.ask("me")
    old = raid.caller
    claims: dict[str, Json] = {**old.principal.claims, "roles": [STAFF_ROLE]}
    raid.caller = Caller(
        replace(old.principal, roles=frozenset({STAFF_ROLE}), claims=claims), old.headers, old.address,
        user=old.user, issued_s=old.issued_s, expires_s=old.expires_s,
    )  # fmt: skip
    for name in ("me", "list-order"):
        yield raid.ask(name, after_s=20.0)


def open_function(world: World, attack: Attack) -> Session:
    """Be refused at a function of staff, and get in later: somebody has changed a row of the database."""
    raid = yield from insider(world, attack)
    yield raid.ask("all-users", after_s=30.0)
    raid.user.is_raised = True
    yield raid.ask("all-users", after_s=300.0)
    raid.user.is_raised = False
