"""What changes over time: somebody becomes staff, somebody leaves it, somebody goes to another tenant."""

from apiward.demo.traffic.people import User
from apiward.demo.traffic.serving.things import TYPES, Reach
from apiward.demo.traffic.world import World


def become_staff(world: World) -> User | None:
    """Make an ordinary person a member of staff; the next log-in says so."""
    for _ in range(20):
        user = world.pick_user()
        if not user.is_staff:
            user.is_staff = True
            _forget(user)
            return user
    return None


def leave_staff(world: World) -> User | None:
    """Take the role from somebody, as long as another one has it."""
    staff = [one for one in world.users if one.is_staff]
    if len(staff) < 2:
        return None
    user = staff[int(world.rng.random() * len(staff))]
    user.is_staff = False
    _forget(user)
    return user


def move(world: World) -> User | None:
    """Let somebody go to another tenant: private things go along, those of the tenant stay where they are."""
    for _ in range(20):
        user, there = world.pick_user(), world.pick_user().tenant
        if user.tenant is not there and not user.is_staff and len(user.tenant.users) > 1 and there.number != 1:
            _leave(world, user)
            there.users.append(user)
            user.tenant = there
            _take_along(world, user)
            return user
    return None


def _leave(world: World, user: User) -> None:
    tenant = user.tenant
    tenant.users.remove(user)
    for kind, things in tenant.things.items():
        if kind != "person" and TYPES[kind].reach is Reach.TENANT:
            world.former += [(user, thing) for thing in things[-6:] if not thing.is_private]
            user.things.pop(kind, None)
    _forget(user)


def _take_along(world: World, user: User) -> None:
    person = world.state.find("person", str(user.number))
    if person is not None and person.tenant is not None:
        person.tenant.things["person"].remove(person)
        person.tenant = user.tenant
        user.tenant.things["person"].append(person)


def _forget(user: User) -> None:
    """End all log-ins: what a token says must be true."""
    for device in user.devices:
        device.caller = None
