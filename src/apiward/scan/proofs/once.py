"""Actions that count once (redeeming a code, claiming a bonus, a refund), tried on throw-away accounts and objects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from apiward.core.account import Origin
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, at
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.knowledge import ANONYMOUS
from apiward.scan.proofs import money
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming, spoken

MAX_CODES: Final = 3
MAX_VIEWS: Final = 4
_ACTS: Final = re.compile(
    r"(^|-)(redeem|redemption|redemptions|claim|claims|cash-?in|refund|refunds|chargeback|"
    r"(apply|use|activate|add)-?(my-)?(coupon|voucher|promo|promotion|code|gift|referral|bonus|discount)(-?code|-?card)?s?|"
    r"(coupon|voucher|promo|promotion|code|gift|gift-?card|referral|bonus|discount)s?-?(apply|use|activate|add))(-|$)"
)
_CODES: Final = frozenset("code coupon voucher promo giftcard gift referral invite invitation promotion".split())
_AMOUNTS: Final = frozenset("amount points quantity qty sum value cents price units".split())


@dataclass(frozen=True, slots=True)
class Trial:
    """Who acts, on what, and where the effect would be seen. `is_told`: a code or an object says what is used up."""

    session: Session
    arguments: Arguments
    views: tuple[tuple[Operation, Arguments], ...]
    is_told: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the account holds and owes, at its places, with the answers that said so."""

    held: dict[str, float]
    owed: dict[str, float]
    exchanges: tuple[Exchange, ...]

    def gains_since(self, before: "Reading") -> dict[str, float]:
        """Return how much each number has moved to the account's advantage."""
        more = {place: value - before.held[place] for place, value in self.held.items() if place in before.held}
        less = {place: before.owed[place] - value for place, value in self.owed.items() if place in before.owed}
        return {place: moved for place, moved in (more | less).items() if abs(moved) > 1e-9}


def is_one_time(operation: Operation) -> bool:
    """Whether the operation's name says that it gives something which one account gets once, with no amount chosen."""
    if operation.method not in ("POST", "PUT", "PATCH") or accounts.is_account_operation(operation):
        return False
    names = (spoken.spoken_path(operation), spoken.own_name(operation))
    if not any(_ACTS.search(name) for name in names) or objects.deletes(operation):
        return False
    return not any(_AMOUNTS & set(naming.words(name)) for name in spoken.field_names(operation))


async def trials(scene: Scene, operation: Operation) -> list[Trial]:
    """Return tries by an account of our own, at most `MAX_CODES`; none where only real accounts are there."""
    return [trial for trial in await _tries(scene, operation) if trial.views]


async def read(scene: Scene, trial: Trial) -> Reading:
    """Return what the account is shown of its money now."""
    held: dict[str, float] = {}
    owed: dict[str, float] = {}
    seen = [await scene.call(op, arguments, trial.session) for op, arguments in trial.views]
    for (operation, _), exchange in zip(trial.views, seen, strict=True):
        held |= {f"{operation.key} {place}": v for place, v in money.shown(exchange, money.HELD).items()}
        owed |= {f"{operation.key} {place}": v for place, v in money.shown(exchange, money.OWED).items()}
    return Reading(held, owed, tuple(seen))


async def act(scene: Scene, operation: Operation, trial: Trial) -> Exchange:
    """Do it once."""
    return await scene.call(operation, trial.arguments, trial.session)


async def _tries(scene: Scene, operation: Operation) -> list[Trial]:
    owner = scene.owner
    if owner is None:
        return []
    reachable = scene.reachable(operation, owner)
    targets = [target for target in reachable if target.maker is not None and target.maker.key != operation.key]
    if operation.path.count("{") or targets:
        return await _on_objects(scene, operation, owner, targets[:1])
    session = await scene.spare() or (owner if owner.account.origin is Origin.SIGNED_UP else None)
    if session is None:
        return []
    views = _views(scene, session)
    base = scene.arguments(operation, session, use_examples=True)
    return [Trial(session, one, views, is_told=bool(_code_slots(base))) for one in _with_codes(scene, operation, base)]


async def _on_objects(
    scene: Scene, operation: Operation, owner: Session, targets: list[objects.OwnedObject]
) -> list[Trial]:
    if owner.account.origin is not Origin.SIGNED_UP or not targets or targets[0].maker is None:
        return []
    twin = await scene.create(targets[0].maker, owner)
    ways = objects.pointings(operation, twin) if twin is not None else []
    if twin is None or not ways:
        return []
    views = (*(await scene.views(twin, owner)), *_views(scene, owner))[: 2 * MAX_VIEWS]
    base = scene.pointed(operation, owner, ways[0])
    return [Trial(owner, one, views, is_told=True) for one in _with_codes(scene, operation, base)]


def _with_codes(scene: Scene, operation: Operation, base: Arguments) -> list[Arguments]:
    """Return the arguments with the codes that the description gives and that answers have shown."""
    slots = _code_slots(base)
    if not slots:
        return [base]
    found = dict.fromkeys(_known_codes(scene, operation, slots[0]))
    return [base.put(slots[0], code) for code in islice(found, MAX_CODES)] or [base]


def _code_slots(arguments: Arguments) -> list[Slot]:
    return [slot for slot, _ in arguments.slots() if _CODES & set(naming.words(slot.name))]


def _known_codes(scene: Scene, operation: Operation, slot: Slot) -> Iterator[Json]:
    schema = operation.body_schema() or Schema()
    if slot.place == BODY:
        yield from (v for v in (at(one, slot.pointer) for one in schema.examples) if not isinstance(v, NotJson))
        yield from (v for p, child in schema.fields() if p == slot.pointer for v in child.examples)
    yield from (v for p in operation.parameters if p.name == slot.name for v in p.schema.examples)
    own = naming.plain(slot.name)
    for name in (own, "code", "couponcode", "vouchercode", "promocode", "giftcode", "coupon", "voucher"):
        for viewer in (scene.owner.name if scene.owner else ANONYMOUS, ANONYMOUS):
            yield from scene.knowledge.values(viewer, (name,))


def _views(scene: Scene, session: Session) -> tuple[tuple[Operation, Arguments], ...]:
    """Return the operations that showed a normal account its money, with arguments for `session`."""
    found = []
    for operation in scene.operations:
        seen = scene.seen(operation, scene.owner)
        if seen is None or "{" in operation.path or not judging.is_accepted(seen) or scene.is_for_staff(operation):
            continue
        if money.shown(seen, money.HELD) or (objects.is_about_caller(operation) and money.shown(seen, money.OWED)):
            found.append((operation, scene.arguments(operation, session)))
    return tuple(found[:MAX_VIEWS])
