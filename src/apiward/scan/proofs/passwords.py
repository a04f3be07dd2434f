"""Changing passwords of the scan's own accounts, and telling whether a password opens an account."""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.identities.log_in import log_in
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership.objects import Pointing
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

_OLD: Final = frozenset({"old", "current", "previous", "existing"})


async def change_password(
    scene: Scene, operation: Operation, caller: Session, way: Pointing, old: str, new: str
) -> Exchange:
    """Call a password change as `caller`, with `old` where the current password is asked for."""
    arguments = scene.pointed(operation, caller, way)
    for slot, _ in list(arguments.slots()):
        if slot not in way and naming.is_password_name(slot.name):
            is_old = bool(_OLD & set(naming.words(slot.name)))
            arguments = arguments.put(slot, old if is_old else new)
    return await scene.call(operation, arguments, caller)


async def opens(scene: Scene, session: Session, password: str) -> bool:
    """Whether that password opens the account now. The session itself is left as it is."""
    form = scene.accounts.log_in_form
    if form is None:
        return False
    _, tokens, cookies = await log_in(
        scene.caller, form.for_tenant(session.account.tenant), session.account.username, password
    )
    return bool(tokens or cookies)
