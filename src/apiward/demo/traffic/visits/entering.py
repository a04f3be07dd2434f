"""How people come in: their device still knows them, or they log in, at times with a wrong password first."""

from collections.abc import Generator

from apiward.demo.traffic.asking import Ask, GaveUpError, Told
from apiward.demo.traffic.callers import Caller, stranger
from apiward.demo.traffic.people import Device, User
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.world import World, operation

WRONG_PASSWORDS = 0.04
MOST_TRIES = 6


def entered(world: World, user: User, device: Device) -> Generator[Ask, Told, Caller]:
    """Return the caller as whom somebody goes on, from one of the places where the device is used.

    Raises GaveUpError where they cannot log in.
    """
    address = device.addresses[int(world.rng.random() * len(device.addresses))]
    known = device.caller
    if known is not None and known.expires_s > world.now_s + 3_600 and known.user is user:
        known.address = address
        return known
    for _ in range(MOST_TRIES):
        outside = stranger(device.agent, address)
        outside.device = device
        right = world.rng.random() >= WRONG_PASSWORDS
        value = {"email": user.email, "password": user.password if right else user.password[:-1]}
        yield Ask(operation("log-in"), outside, Kind.LOG_IN, value={**value}, actor=user.actor, after_s=4.0)
        if right and device.caller is not None:
            return device.caller
    raise GaveUpError
