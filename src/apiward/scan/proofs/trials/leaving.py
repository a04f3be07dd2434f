"""Logging out: which operations do it for the caller, and what they are to be told."""

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, leaves
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming


def log_outs(scene: Scene, like: Operation) -> list[Operation]:
    """Return the operations that end the caller's session in the area of `like`, without naming another."""
    area = scene.accounts.area_of(like)
    found = [op for op in scene.operations if accounts.is_log_out(op) and "{" not in op.path]
    return [op for op in found if not op.security or scene.accounts.area_of(op) is area]


async def leave(
    scene: Scene, operation: Operation, session: Session, credential: Credential, answer: Exchange
) -> Exchange:
    """Log out with a credential; `answer` is that of its log-in."""
    arguments = _with_tokens(scene.arguments(operation, session), answer, credential)
    return await scene.call(operation, arguments, credential=credential)


def _with_tokens(arguments: Arguments, answer: Exchange, credential: Credential) -> Arguments:
    """Return the arguments with the tokens of the log-in where the log-out asks for one."""
    body = answer.response.json() if answer.response else None
    given = {} if isinstance(body, NotJson) else {naming.plain(str(p[-1])): text for p, text in leaves(body) if p}
    for slot, _ in list(arguments.slots()):
        name = naming.plain(slot.name)
        if name in given and isinstance(given[name], str):
            arguments = arguments.put(slot, given[name])
        elif naming.is_token_name(slot.name) and "refresh" not in name:
            arguments = arguments.put(slot, credential.value)
    return arguments
