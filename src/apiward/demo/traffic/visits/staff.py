"""What the staff of the business do: they answer customers, and look into whatever they ask about."""

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.people import Device, User
from apiward.demo.traffic.values import Kind
from apiward.demo.traffic.visits.desk_work import Work
from apiward.demo.traffic.visits.entering import entered
from apiward.demo.traffic.world import World

_KINDS = ("order", "order", "booking", "contact", "invoice", "document", "note")


def service(world: World, user: User, device: Device) -> Session:
    """Help some customers."""
    caller = yield from entered(world, user, device)
    work = Work(world, user, caller)
    for _ in range(2 + int(world.rng.random() * 6)):
        if not user.is_staff:
            return
        yield from _help(work)


def _help(work: Work) -> Session:
    world, rng = work.world, work.rng
    customer = world.pick_user()
    if rng.random() < 0.5:
        yield work.ask("all-users", kind=Kind.STAFF)
    yield work.ask("read-person", str(customer.number))
    if rng.random() < 0.5:
        yield work.ask("all-orders", extra=f"customer={customer.number}", kind=Kind.STAFF)
    kind = work.pick(_KINDS)
    found = customer.things.get(kind) or customer.tenant.things.get(kind)
    if found:
        thing = found[int(rng.random() * len(found))]
        yield work.about("read", thing)
        if kind == "order" and rng.random() < 0.3:
            yield work.about("change", thing, {"address": "1 Dock Road, Bristol"})
    if rng.random() < 0.05:
        yield work.ask("export", kind=Kind.STAFF)
