"""A stranger tries to change what belongs to another, and the owner looks: the proof shared by OBJ02 and OBJ03."""

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Saying
from apiward.scan.identities.log_in import log_in
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject, Pointing
from apiward.scan.proofs import restoring
from apiward.scan.proofs.changing import Change, change_for, identity_of, steady, victim_of, watched
from apiward.scan.proofs.openness import is_open
from apiward.scan.proofs.passwords import change_password, opens
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

SAW_CHANGED = "A normal account changed what another account had made; the owner then saw the new content."
SAW_ACTED = "A normal account acted on what another account had made; the owner then saw it changed."
SAW_PASSWORD = "A normal account set the password of another account, which then opened with the new password only."  # noqa: S105


async def prove_foreign_change(
    scene: Scene, operation: Operation, say: Saying, original: OwnedObject, place: str
) -> Verdict:
    """Let the second account change a throw-away twin of `original`; the owner's view decides."""
    owner, peer = scene.owner, scene.peer
    if owner is None or peer is None:
        return say.not_run("needs two normal accounts")
    if original.is_account and accounts.has_password(operation):
        return await _foreign_password(scene, operation, say, peer, place)
    twin = await victim_of(scene, original, owner)
    if twin is None:
        return say.not_run("no throw-away object could be made to try this on")
    target, victim = twin
    may_add = operation.method == "POST" and not target.is_account and not objects.rewrites(operation)
    if may_add and await is_open(scene, target, victim, peer):  # only its own content is its owner's
        return say.holds("what everybody may see, everybody may comment on, like or order")
    for way in objects.pointings(operation, target):
        verdict = await _try(scene, operation, say, (victim, peer), target, way, place)
        if target.is_account and _takes_address(operation):
            scene.spend_victim()
        if verdict is not None:
            return verdict
    return await _by_effect(scene, operation, say, original, place)


async def _by_effect(scene: Scene, operation: Operation, say: Saying, original: OwnedObject, place: str) -> Verdict:
    """Judge by what happens to a second twin, where the content that is sent is shown nowhere."""
    twin = await victim_of(scene, original, scene.owner) if scene.owner and not original.is_account else None
    if twin is not None and scene.peer is not None:
        target, victim = twin
        await scene.views(target, victim)
        for way in objects.pointings(operation, target)[:1]:
            change = change_for(scene, operation, scene.peer, way, victim)
            verdict = await _try_action(scene, operation, say, (victim, scene.peer), target, change, place)
            if verdict is not None:
                return verdict
    return say.not_run("the owner could not make the change either, or nothing shows it")


async def _try(
    scene: Scene,
    operation: Operation,
    say: Saying,
    pair: tuple[Session, Session],
    target: OwnedObject,
    way: Pointing,
    place: str,
) -> Verdict | None:
    victim, peer = pair
    change = change_for(scene, operation, peer, way, victim)
    await scene.views(target, victim)  # found by its marks, so before the first change
    if not change.content:
        return await _try_action(scene, operation, say, pair, target, change, place)
    mine = change_for(scene, operation, victim, way, victim)
    control = await scene.call(operation, mine.arguments, victim)
    before = await watched(scene, operation, target, victim)
    identity = identity_of(target, way)
    if not mine.is_seen_in(before, identity):
        return None
    attack = await scene.call(operation, change.arguments, peer)
    after = await watched(scene, operation, target, victim)
    await _own_up(scene, operation, (victim, mine, control), (peer, change, attack))
    await _put_back(scene, operation, target, peer)
    if attack.is_doubtful or not after:
        return say.unsure("the stranger's request got no clear answer")
    if change.is_seen_in(after, identity):
        more = tuple(sight.exchange for sight in after if change.is_seen_in([sight], identity))
        return say.broken(scene.told_of_strangers(SAW_CHANGED, victim), attack, control, more=more[:2], place=place)
    return say.holds("a stranger tried to change the owner's object, and the owner saw no change")


async def _own_up(scene: Scene, operation: Operation, *tries: tuple[Session, Change, Exchange]) -> None:
    """Keep account of what was made on the way (a note below the owner's client), so that it is removed later."""
    if not objects.makes(operation):
        return
    for caller, change, exchange in tries:
        if judging.is_accepted(exchange):
            await scene.adopt(objects.made(operation, caller.name, change.arguments, exchange), caller)


async def _try_action(
    scene: Scene,
    operation: Operation,
    say: Saying,
    pair: tuple[Session, Session],
    target: OwnedObject,
    change: Change,
    place: str,
) -> Verdict | None:
    """Judge an operation that takes no content of its own (cancel, close, move to a date) by what it does."""
    victim, peer = pair
    first = await watched(scene, operation, target, victim)
    before = await watched(scene, operation, target, victim)
    if not steady(first) or steady(first) != steady(before):
        return None
    attack = await scene.call(operation, change.arguments, peer)
    after = await watched(scene, operation, target, victim)
    if attack.is_doubtful or len(after) < len(before):
        return say.unsure("the stranger's request got no clear answer")
    if steady(after) != steady(before):
        more = tuple(sight.exchange for sight in after[:2])
        return say.broken(
            scene.told_of_strangers(SAW_ACTED, victim), attack, before[0].exchange, more=more, place=place
        )
    control = await scene.call(operation, change.arguments, victim)
    done = await watched(scene, operation, target, victim)
    if not judging.is_accepted(control) or steady(done) == steady(before):
        return None
    return say.holds("a stranger tried to act on the owner's object, and nothing changed; the owner could")


async def _foreign_password(scene: Scene, operation: Operation, say: Saying, peer: Session, place: str) -> Verdict:
    """Let the second account set the password of a throw-away account; logging in decides."""
    twin = await scene.victim()
    form = scene.accounts.log_in_form
    if twin is None or form is None:
        return say.not_run("no throw-away account could be had to try this on")
    target, victim = twin
    new = f"Nw5!{scene.rng.randrange(10**9):09d}x"
    control, tokens, cookies = await log_in(scene.caller, form, victim.account.username, new)
    ways = objects.pointings(operation, target)
    if tokens or cookies or not ways or not await opens(scene, victim, victim.password):
        return say.not_run("the throw-away account could not be told apart by its password")
    attack = await change_password(scene, operation, peer, ways[0], peer.password, new)
    await _keep_password(scene, operation, peer, new)
    if attack.is_doubtful:
        return say.unsure("the stranger's request got no clear answer")
    opened, tokens, cookies = await log_in(scene.caller, form, victim.account.username, new)
    if not (tokens or cookies):
        return say.holds("a stranger tried to set another account's password, and it stayed as it was")
    victim.password = new
    return say.broken(scene.told_of_strangers(SAW_PASSWORD, victim), attack, control, more=(opened,), place=place)


async def _keep_password(scene: Scene, operation: Operation, peer: Session, new: str) -> None:
    """Undo what a sound operation does instead: it may have changed the password of its caller."""
    if await opens(scene, peer, peer.password) or not await opens(scene, peer, new):
        return
    old, peer.password = peer.password, new
    await peer.renew(peer.credential)
    mine = next((t for t in scene.owned_by(peer) if t.is_account), None)
    ways = objects.pointings(operation, mine) if mine else []
    if ways:
        await change_password(scene, operation, peer, ways[0], new, old)
    if await opens(scene, peer, old):
        peer.password = old
        await peer.renew(peer.credential)


async def _put_back(scene: Scene, operation: Operation, target: OwnedObject, peer: Session) -> None:
    """Give the stranger its own data back where a sound operation changed the caller's record instead."""
    if not target.is_account:
        return
    mine = next((t for t in scene.owned_by(peer) if t.is_account), None)
    for way in objects.pointings(operation, mine)[:1] if mine else []:
        arguments = scene.arguments(operation, peer)
        for slot, value in way.items():
            arguments = arguments.put(slot, value)
        await scene.call(operation, arguments, peer)
    if restoring.may_change_record(scene, operation, peer):
        await restoring.put_back(scene, peer)


def _takes_address(operation: Operation) -> bool:
    """Whether the operation may change the e-mail address by which an account is told and logs in."""
    schema = operation.body_schema()
    return any("mail" in naming.plain(str(p[-1])) for p, _ in (schema.fields() if schema else ()) if p)


def reaches_by_address(way: Pointing) -> bool:
    """Whether the identifier stands in the path or the query."""
    return any(slot.place in (Place.PATH.value, Place.QUERY.value) for slot in way)


def changes_something(operation: Operation) -> bool:
    """Whether the operation changes an object that exists: neither reads, deletes, nor opens a session."""
    if operation.method not in ("PUT", "PATCH", "POST") or objects.deletes(operation):
        return False
    no_changes = (accounts.is_log_in, accounts.is_sign_up, accounts.is_password_reset, accounts.is_log_out)
    return not any(is_that(operation) for is_that in no_changes)
