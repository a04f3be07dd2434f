"""One visit of an ordinary person."""

from apiward.demo.traffic.asking import Session
from apiward.demo.traffic.people import Device, User
from apiward.demo.traffic.things import Thing
from apiward.demo.traffic.visits.desk_work import Work, deep, link_for, opened_by_link, own_page, piece
from apiward.demo.traffic.visits.entering import entered
from apiward.demo.traffic.world import World

MEAN_PIECES = 5.0
_READS_A_PIECE = 1.4
"""How many single objects one piece of work opens, about; what the share of links from elsewhere is a share of."""


def visit(world: World, user: User, device: Device) -> Session:
    """Come in, do some pieces of work, and go; few log out."""
    caller = yield from entered(world, user, device)
    work, rng = Work(world, user, caller), world.rng
    if rng.random() < 0.6:
        yield from own_page(work)
    for _ in range(1 + int(rng.expovariate(1 / MEAN_PIECES))):
        yield from piece(work)
        if rng.random() < world.settings.cross_tenant_links * _READS_A_PIECE:
            yield from _from_elsewhere(work)
    if rng.random() < 0.1 and caller is device.caller:
        yield work.ask("log-out")


def _from_elsewhere(work: Work) -> Session:
    """Open a document of another tenant by its link, mostly the newest, and be given another one."""
    sent = [one for one in work.user.inbox if _is_elsewhere(one[0], work.user)]
    if sent:
        yield from opened_by_link(work, *sent[-1 - int(work.rng.random() ** 3 * len(sent))])
    for _ in range(3):
        other = work.world.pick_user()
        if other.tenant is not work.user.tenant:
            yield from link_for(work, other)
            return


def _is_elsewhere(thing: Thing, user: User) -> bool:
    return thing.type.name == "document" and thing.tenant is not user.tenant


def bookmarks(world: World, user: User, device: Device) -> Session:
    """Open one thing from a mail, and go."""
    caller = yield from entered(world, user, device)
    yield from deep(Work(world, user, caller))
