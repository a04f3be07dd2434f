"""Operations meant for staff, called by somebody who is not: the proof shared by FUN01 and FUN02."""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Confidence, Verdict
from apiward.scan import judging, objects, roles
from apiward.scan.api import Saying
from apiward.scan.arguments import Arguments
from apiward.scan.changing import elsewhere
from apiward.scan.level import Level
from apiward.scan.scene import Scene, account_of
from apiward.scan.sessions import Session
from apiward.scan.staff_roles import says_role_only


def is_staff_operation(scene: Scene, operation: Operation) -> bool:
    """Whether the description keeps the operation for staff, and calling it needs no harm."""
    if not scene.is_for_staff(operation) or roles.is_account_operation(operation):
        return False
    return operation.method in ("GET", "HEAD") or scene.level >= Level.WRITE


async def prove_open(scene: Scene, operation: Operation, say: Saying, caller: Session | None) -> Verdict:
    """Call a staff operation as `caller`; an answer with real content, or a thing really done, is proof."""
    if operation.method == "DELETE" or (not operation.is_safe and "{" in operation.path):
        return await _prove_done(scene, operation, say, caller)
    attack, arguments = await _answered(scene, operation, caller)
    if attack.is_doubtful:
        return say.unsure("the request got no clear answer")
    if not judging.is_accepted(attack):
        return say.holds(f"{_who(caller)} called this and was refused")
    if not _has_content(attack):
        return say.unsure("the request was accepted, but the answer shows nothing")
    return await _with_control(scene, operation, say, caller, attack, arguments)


async def _answered(scene: Scene, operation: Operation, caller: Session | None) -> tuple[Exchange, Arguments]:
    arguments = scene.arguments(operation, caller)
    attack = await scene.call(operation, arguments, caller)
    if attack.status in (400, 422) and not operation.is_safe:
        arguments = scene.arguments(operation, caller, use_examples=True)
        attack = await scene.call(operation, arguments, caller)
    return attack, arguments


async def _with_control(
    scene: Scene,
    operation: Operation,
    say: Saying,
    caller: Session | None,
    attack: Exchange,
    arguments: Arguments,
) -> Verdict:
    """Set the answer against that of an account with special rights, or of a made-up credential."""
    saw = f"{_who(caller).capitalize()} called an operation that is meant for staff, and was served."
    if scene.privileged:
        control = await scene.call(operation, arguments, scene.privileged[0])
        confidence = Confidence.PROVED if judging.is_alike(control, attack) else Confidence.LIKELY
        return say.broken(saw, attack, control, confidence=confidence)
    control = await scene.call(operation, elsewhere(scene, arguments), None)
    confidence = Confidence.PROVED if says_role_only(operation, scene.staff_roles) else Confidence.LIKELY
    if caller is None:
        again = await scene.call(operation, arguments, None)
        return say.broken(saw, attack, again, confidence=confidence)
    if judging.is_accepted(control) and judging.is_alike(control, attack):
        return say.holds("the operation serves everybody; see the finding for anonymous callers")
    return say.broken(saw, attack, control, confidence=confidence)


async def _prove_done(scene: Scene, operation: Operation, say: Saying, caller: Session | None) -> Verdict:
    """Let the caller do it to a throw-away account or object, and look whether it was done."""
    twin = await _throw_away(scene, operation)
    if twin is None:
        return say.not_run("no throw-away object that this operation can point at")
    target, victim = twin
    way = objects.pointings(operation, target)[0]
    before = [e for e in await scene.look(target, victim) if e.is_success]
    if not before:
        return say.not_run("nothing shows whether it was done")
    attack = await scene.call(operation, scene.pointed(operation, caller, way), caller)
    if attack.is_doubtful:
        return say.unsure("the request got no clear answer")
    after = await scene.look(target, victim)
    if _texts(before) == _texts([e for e in after if e.is_success]):
        return say.holds(f"{_who(caller)} called this on a throw-away object, and nothing changed")
    if not judging.is_accepted(attack):
        return say.unsure("the request was refused, and yet something changed")
    saw = f"{_who(caller).capitalize()} called an operation that is meant for staff, and it was done."
    return say.broken(saw, attack, before[0], more=tuple(after[:1]))


async def _throw_away(scene: Scene, operation: Operation) -> tuple[objects.OwnedObject, Session] | None:
    if scene.owner is None:
        return None
    for target in scene.owned_by(scene.owner):
        if not objects.pointings(operation, target):
            continue
        if target.is_account:
            session = await scene.spare()
            return (account_of(session), session) if session else None
        twin = await scene.create(target.maker, scene.owner) if target.maker else None
        return (twin, scene.owner) if twin else None
    return None


def _texts(exchanges: list[Exchange]) -> list[str]:
    return [judging.steady_text(exchange) for exchange in exchanges]


def _has_content(exchange: Exchange) -> bool:
    body = exchange.response.json() if exchange.response else None
    if isinstance(body, NotJson):
        return len(exchange.text) > 2 and not judging.is_log_in_page(exchange)
    return body not in (None, {}, [])


def _who(caller: Session | None) -> str:
    return "somebody without any log-in" if caller is None else "a normal account"
