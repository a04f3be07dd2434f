"""After the checks: what the scan made is removed where the API lets it; what stays is said."""

from collections import Counter

from apiward.core.account import Origin
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.proofs.passwords import opens
from apiward.scan.proofs.restoring import put_all_back
from apiward.scan.scene import Scene, account_of
from apiward.spec.meaning import dangers


async def clean_up(scene: Scene) -> tuple[str, ...]:
    """Set given accounts back, remove the scan's own objects, youngest first. Return what is left behind, in words."""
    if scene.level >= Level.WRITE:
        await put_all_back(scene)
    if scene.level >= Level.FULL:
        sessions = {session.name: session for session in (*scene.users, *scene.privileged, *scene.spares)}
        for target in reversed(scene.objects):
            session = sessions.get(target.owner)
            if session is not None and target.maker is not None and target not in scene.gone:
                await _remove(scene, target, session)
        for session in (*scene.spares, *scene.users):
            # An identifier of an account that is gone may be somebody else's by now.
            if session.account.origin is Origin.SIGNED_UP and session not in scene.closed:
                await _remove_account(scene, session)
    return left_behind(scene)


def left_behind(scene: Scene) -> tuple[str, ...]:
    """Return in words what the scan made and could not remove, and changed and could not set back."""
    made = Counter(t.maker.key for t in scene.objects if t.maker and t not in scene.gone)
    own = [s for s in (*scene.users, *scene.spares) if s.account.origin is Origin.SIGNED_UP and s not in scene.closed]
    accounts = [_told(scene, session) for session in own]
    changed = [
        f"{', '.join(fields)} of the account {name}: not as before, and could not be set back"
        for name, fields in scene.unrestored.items()
        if fields
    ]
    changed += [f"the account {name}: whether it is as before could not be seen any more" for name in scene.unseen]
    return (*changed, *accounts, *(f"{count} made by {key}" for key, count in made.items()))


def _told(scene: Scene, session: Session) -> str:
    raised = ", with the rights of staff that it could give itself" if session in scene.raised else ""
    return f"the account {session.account.username}{raised}"


async def _remove_account(scene: Scene, session: Session) -> None:
    """Let a throw-away account delete itself, where an operation can be pointed at it; logging in tells."""
    target = account_of(session)
    for operation in scene.pointing_at(target):
        if not objects.deletes(operation) or scene.is_for_staff(operation):
            continue
        for way in objects.pointings(operation, target)[:1]:
            exchange = await scene.call(operation, scene.pointed(operation, session, way), session)
            if judging.is_accepted(exchange) and not await opens(scene, session, session.password):
                scene.note_gone(target)
                return
    for operation in filter(dangers.closes_own_account, scene.api.operations):
        exchange = await scene.call(operation, scene.arguments(operation, session), session)
        if judging.is_accepted(exchange) and not await opens(scene, session, session.password):
            scene.note_gone(target)
            return


async def _remove(scene: Scene, target: objects.OwnedObject, session: Session) -> None:
    for operation in scene.pointing_at(target):
        if not objects.deletes(operation):
            continue
        for way in objects.pointings(operation, target)[:1]:
            exchange = await scene.call(operation, scene.pointed(operation, session, way), session)
            if judging.is_accepted(exchange) and await _is_gone(scene, target, session):
                scene.note_gone(target)
                return


async def _is_gone(scene: Scene, target: objects.OwnedObject, session: Session) -> bool:
    """Whether nothing shows the object any more; where nothing ever did, whether its identifier was known at least."""
    if not await scene.views(target, session):
        return f"{target.noun}id" in target.names
    return not any(objects.shows(target, exchange) for exchange in await scene.look(target, session))
