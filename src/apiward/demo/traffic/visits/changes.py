"""What changes over time: somebody becomes staff, somebody leaves it, somebody goes to another tenant."""

from apiward.demo.traffic.asking import Ask, Session
from apiward.demo.traffic.people import User
from apiward.demo.traffic.things import TYPES, Reach
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.visits.entering import entered
from apiward.demo.traffic.world import World, operation


def become_staff(world: World) -> Session:
    """Let a member of staff make an ordinary person one, too; the next log-in says so."""
    crews = [one for crew in world.crews.values() for one in crew]
    some = (world.pick_user() for _ in range(20))
    user = next((one for one in some if not one.is_staff and one not in crews), None)
    if user is not None:
        yield from _set_role(world, user, "support")


def leave_staff(world: World) -> Session:
    """Let a member of staff take the role from another one."""
    staff = [one for one in world.users if one.is_staff]
    if len(staff) > 1:
        yield from _set_role(world, staff[int(world.rng.random() * len(staff))], "user")


def _set_role(world: World, user: User, role: str) -> Session:
    chief = next(one for one in world.users if one.is_staff and one is not user)
    caller = yield from entered(world, chief, chief.devices[0])
    told = yield Ask(operation("set-role"), caller, Kind.STAFF, str(user.number), {"role": role}, after_s=20.0)
    if told.status == 200:
        _forget(world, user)


def move(world: World) -> None:
    """Let somebody go to another tenant: private things go along, those of the tenant stay where they are."""
    for _ in range(20):
        user, there = world.pick_user(), world.pick_user().tenant
        if user.tenant is not there and not user.is_staff and len(user.tenant.users) > 1 and there.number != 1:
            _leave(world, user)
            there.users.append(user)
            user.tenant = there
            _take_along(world, user)
            return


def _leave(world: World, user: User) -> None:
    tenant = user.tenant
    tenant.users.remove(user)
    for kind, things in tenant.things.items():
        if kind not in {"person", "order"} and TYPES[kind].reach is Reach.TENANT:
            world.former += [(user, thing) for thing in things[-6:] if not thing.is_private]
            user.things.pop(kind, None)
    _forget(world, user)


def _take_along(world: World, user: User) -> None:
    person = world.state.find("person", str(user.number))
    if person is not None and person.tenant is not None:
        person.tenant.things["person"].remove(person)
        person.tenant = user.tenant
        user.tenant.things["person"].append(person)


def _forget(world: World, user: User) -> None:
    """End all log-ins: what a token says must be true."""
    user.changed_s = world.now_s
    for device in user.devices:
        device.caller = None
