"""Who has which right to which object: what the sound API asks, and the truth in both."""

from apiward.demo.traffic.callers import Caller
from apiward.demo.traffic.people import User
from apiward.demo.traffic.things import Reach, Thing
from apiward.demo.traffic.values import Relation


def relation(caller: Caller, thing: Thing, link: str = "") -> Relation:
    """Return by which right `caller` reaches `thing`, the nearest one first."""
    if thing.type.reach is Reach.PUBLIC:
        return Relation.PUBLIC
    if thing.type.name == "guest-order":
        return Relation.LINK  # its id is the secret
    if thing.parent is not None:
        above = relation(caller, thing.parent, link)
        if above is Relation.FOREIGN:
            return above
        return _own(caller, thing) or (Relation.MATE if above is Relation.OWN else above)
    return _own(caller, thing) or _other(caller, thing, link)


def _own(caller: Caller, thing: Thing) -> Relation | None:
    """Return OWN where it is; who leaves a tenant leaves there what belongs to it, but for what they bought."""
    user = caller.user
    if user is None or thing.owner is not user:
        return None
    stays = thing.type.reach is Reach.PRIVATE or thing.type.name == "order"
    return Relation.OWN if stays or thing.tenant is user.tenant else None


def _other(caller: Caller, thing: Thing, link: str) -> Relation:
    user = caller.user
    if user is not None and _is_mate(user, thing):
        return Relation.MATE
    if user is not None and user in thing.named:
        return Relation.NAMED
    if link and link in thing.links:
        return Relation.LINK
    if user is not None and user.is_staff:
        return Relation.STAFF
    if thing.tenant is not None and thing.tenant.number in caller.tenants:
        return Relation.KEY
    return Relation.FOREIGN


def _is_mate(user: User, thing: Thing) -> bool:
    return thing.type.reach is Reach.TENANT and thing.tenant is user.tenant and not thing.is_private
