"""Operations meant for staff, called by somebody who is not: plainly (FUN01, FUN02) or otherwise (FUN03, FUN06)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange, Headers
from apiward.core.jsonvalue import NotJson, leaves
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Saying
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.knowledge import ANONYMOUS
from apiward.scan.proofs import granting
from apiward.scan.proofs.passwords import opens
from apiward.scan.scene import Scene, account_of
from apiward.spec.meaning import accounts, naming, roles, spoken
from apiward.spec.meaning.roles import says_role_only

_SAYS_NOTHING: Final = frozenset(
    "message msg detail details error errors status success ok result code title reason description timestamp".split()
)
_REFERRING: Final = frozenset((word,) for word in ("id", "ids", "uuid", "guid", "username"))
_SOFT: Final = frozenset({"manage", "management", "internal", "operator"})


def is_staff_operation(scene: Scene, operation: Operation) -> bool:
    """Whether the description keeps the operation for staff, and calling it needs no harm."""
    if not scene.is_for_staff(operation) or accounts.is_account_operation(operation):
        return False
    if operation.method in ("GET", "HEAD"):
        return True
    return scene.level >= (Level.FULL if objects.deletes(operation) else Level.WRITE)


def is_done_to_one(scene: Scene, operation: Operation) -> bool:
    """Whether it is a staff operation that does something to one thing, which may be one of our own."""
    is_free_write = not operation.is_safe and (not objects.creates(operation) or _points(operation))
    return is_free_write and is_staff_operation(scene, operation)


async def prove_open(scene: Scene, operation: Operation, say: Saying, caller: Session | None) -> Verdict:
    """Call a staff operation as `caller`; an answer with real content, or a thing really done, is proof."""
    if is_done_to_one(scene, operation):
        return await _prove_done(scene, operation, say, caller)
    attack, arguments = await _answered(scene, operation, caller)
    if attack.is_doubtful:
        return say.unsure("the request got no clear answer")
    if objects.creates(operation) and judging.is_accepted(attack):
        scene.objects.append(objects.made(operation, caller.name if caller else ANONYMOUS, arguments, attack))
    has_control = operation.is_safe and bool(scene.privileged)
    control = await scene.call(operation, arguments, scene.privileged[0]) if has_control else None
    if not judging.is_accepted(attack):
        return _refused(operation, say, caller, attack, control)
    if not has_content(attack):
        return say.unsure("the request was accepted, but the answer shows nothing")
    if caller is not None and _is_soft(operation) and not _shows_others(scene, caller, attack):
        return say.unsure("the path may mean staff, but what it shows may be the caller's own")
    if control is not None:
        return _with_staff_control(say, caller, attack, control)
    return await _with_control(scene, operation, say, caller, attack, arguments)


def has_content(exchange: Exchange) -> bool:
    """Whether an answer shows something beyond saying that it is one."""
    body = exchange.response.json() if exchange.response else None
    if isinstance(body, NotJson):
        return len(exchange.text) > 2 and not judging.is_log_in_page(exchange)
    named = (
        str(next((s for s in reversed(p) if isinstance(s, str)), "")) for p, v in leaves(body) if v not in (None, "")
    )
    return any(naming.plain(name) not in _SAYS_NOTHING for name in named)


def _refused(
    operation: Operation, say: Saying, caller: Session | None, attack: Exchange, control: Exchange | None
) -> Verdict:
    """Tell a refusal of the caller from one of what was asked, which says nothing."""
    is_about_request = attack.status in judging.ABOUT_FORM or (attack.status == 404 and "{" in operation.path)
    if is_about_request and not (control is not None and judging.is_accepted(control)):
        return say.unsure("the request was refused, perhaps for what it asked and not for who asked")
    return say.holds(f"{_who(caller)} called this and was refused")


async def _answered(scene: Scene, operation: Operation, caller: Session | None) -> tuple[Exchange, Arguments]:
    arguments = scene.arguments(operation, caller)
    attack = await scene.call(operation, arguments, caller)
    if attack.status in (400, 422) and not operation.is_safe:
        arguments = scene.arguments(operation, caller, use_examples=True)
        attack = await scene.call(operation, arguments, caller)
    return attack, arguments


def _with_staff_control(say: Saying, caller: Session | None, attack: Exchange, control: Exchange) -> Verdict:
    """Set the answer against what an account with special rights gets."""
    if not judging.is_accepted(control):
        return say.unsure("the account with special rights was not served either")
    if not is_much_alike(attack, control):
        return say.unsure("the request was answered, but not as staff is answered")
    return say.broken(_saw_served(caller), attack, control)


async def _with_control(
    scene: Scene,
    operation: Operation,
    say: Saying,
    caller: Session | None,
    attack: Exchange,
    arguments: Arguments,
) -> Verdict:
    """Set the answer against that of somebody without any log-in, where no account with special rights is at hand."""
    saw = _saw_served(caller)
    confidence = Confidence.PROVED if says_role_only(operation, scene.staff_roles) else Confidence.LIKELY
    if caller is None:
        again = await scene.call(operation, arguments, None)
        return say.broken(saw, attack, again, confidence=confidence)
    control = await scene.call(operation, arguments, None)
    if control.is_doubtful:
        return say.unsure("the request without any log-in got no clear answer")
    if judging.is_accepted(control) and judging.is_alike(control, attack):
        return say.holds("the operation serves everybody; see the finding for anonymous callers")
    return say.broken(saw, attack, control, confidence=confidence)


async def prove_done_otherwise(
    scene: Scene, operation: Operation, say: Saying, others: Mapping[str, tuple[Operation, Headers]]
) -> Verdict:
    """Let a normal account do to a throw-away thing in another way what it was refused when it asked plainly.

    `others` are the operations and headers that ask in another way, by the words for it.
    """
    caller = scene.peer or scene.mate
    if caller is None:
        return say.not_run("needs two normal accounts")
    ready = await _ready(scene, operation, caller)
    if isinstance(ready, str):
        return say.not_run(ready)
    twin, before, arguments = ready
    refused = await scene.call(operation, arguments, caller)
    if not judging.is_refused(refused) or await _is_done(scene, operation, twin, before, await scene.look(*twin)):
        return say.not_run("a normal account is not clearly refused here, so that there is nothing to get around")
    has_doubt = False
    for words, (other, headers) in others.items():
        attack = await scene.call(other, arguments, caller, headers=headers)
        after = await scene.look(*twin)
        if attack.is_doubtful:
            return say.unsure("the request got no clear answer")
        if not judging.is_accepted(attack):
            continue
        if await _is_done(scene, operation, twin, before, after):
            saw = f"A normal account was refused, and could do it when it asked {words}."
            return say.broken(saw, attack, refused, more=(before[0], *after[:1]))
        has_doubt = True
    if has_doubt:
        return say.unsure("another way to ask was accepted, and nothing was seen to change")
    return say.holds("a normal account was refused, in whatever way it asked")


async def _prove_done(scene: Scene, operation: Operation, say: Saying, caller: Session | None) -> Verdict:
    """Let the caller do it to a throw-away account or object, and look whether it was done."""
    ready = await _ready(scene, operation, caller)
    if isinstance(ready, str):
        return say.not_run(ready)
    twin, before, arguments = ready
    attack = await scene.call(operation, arguments, caller)
    if attack.is_doubtful:
        return say.unsure("the request got no clear answer")
    after = await scene.look(*twin)
    is_done = await _is_done(scene, operation, twin, before, after)
    if is_done is None:
        return say.unsure("what could be seen afterwards allows no judgement")
    if not is_done and judging.is_accepted(attack) and not objects.deletes(operation):
        return say.unsure("the request was accepted, and nothing was seen to change")
    if not is_done:
        return say.holds(f"{_who(caller)} called this on a throw-away object, and nothing changed")
    if not judging.is_accepted(attack):
        return say.unsure("the request was refused, and yet something changed")
    saw = f"{_who(caller).capitalize()} called an operation that is meant for staff, and it was done."
    return say.broken(saw, attack, before[0], more=tuple(after[:1]))


async def _ready(
    scene: Scene, operation: Operation, caller: Session | None
) -> tuple[tuple[objects.OwnedObject, Session], list[Exchange], Arguments] | str:
    """Return a throw-away thing, what its owner sees of it, and arguments that point at it; else why there is none."""
    twin = await _throw_away(scene, operation)
    if twin is None:
        return "nothing of our own that this could be tried on without touching what belongs to others"
    way = objects.pointings(operation, twin[0])[0]
    first = [e for e in await scene.look(*twin) if e.is_success]
    before = [e for e in await scene.look(*twin) if e.is_success]
    if not before or _texts(first) != _texts(before):
        return "nothing shows whether it was done"
    return twin, before, _with_rights(operation, scene.pointed(operation, caller, way))


def _with_rights(operation: Operation, arguments: Arguments) -> Arguments:
    """Return the arguments with values that would show: other rights than the throw-away object has."""
    schema = operation.body_schema()
    for pointer, child in schema.fields() if schema else ():
        if pointer and granting.grants_rights(str(pointer[-1])):
            slot = Slot(BODY, pointer)
            value = arguments.get(slot)
            usual = None if isinstance(value, NotJson) else value
            arguments = arguments.put(slot, granting.raised(slot.name, usual, child))
    return arguments


async def _is_done(
    scene: Scene,
    operation: Operation,
    twin: tuple[objects.OwnedObject, Session],
    before: list[Exchange],
    after: list[Exchange],
) -> bool | None:
    """Whether the throw-away object is gone or changed; None where that cannot be told."""
    target, victim = twin
    if objects.deletes(operation):
        if target.is_account:
            is_gone = not await opens(scene, victim, victim.password)
        elif any(exchange.is_doubtful for exchange in after):
            return None
        else:
            is_gone = not any(objects.shows(target, exchange) for exchange in after)
        if is_gone:
            scene.note_gone(target)
        return is_gone
    if any(exchange.is_doubtful for exchange in after):
        return None
    return _texts(before) != _texts([e for e in after if e.is_success])


async def _throw_away(scene: Scene, operation: Operation) -> tuple[objects.OwnedObject, Session] | None:
    if scene.owner is None:
        return None
    for target in scene.reachable(operation, scene.owner):
        if target.is_account:
            session = await scene.spare()
            return (account_of(session), session) if session else None
        twin = await scene.create(target.maker, scene.owner) if target.maker else None
        return (twin, scene.owner) if twin else None
    return None


def _texts(exchanges: list[Exchange]) -> list[str]:
    return [judging.steady_text(exchange) for exchange in exchanges]


def _points(operation: Operation) -> bool:
    """Whether the operation is told an identifier, which might be somebody else's if it were made up."""
    schema = operation.body_schema()
    names = [str(p[-1]) for p, _ in schema.fields() if p] if schema else []
    names += [p.name for p in operation.parameters if p.place in (Place.PATH, Place.QUERY)]
    return any(naming.words(name)[-1:] in _REFERRING or naming.plain(name) in ("user", "account") for name in names)


def _is_soft(operation: Operation) -> bool:
    """Whether only a word that can mean the caller's own things as well points to staff."""
    words = spoken.spoken_path(operation).split("-")
    if roles.says_staff_only(operation) or not _SOFT & set(words):
        return False
    hard = [word for word in words if word not in _SOFT]
    return not roles.is_meant_for_staff(replace(operation, path="/" + "/".join(hard)))


def _shows_others(scene: Scene, caller: Session, exchange: Exchange) -> bool:
    return scene.objects.others_own(objects.marks_in(exchange.text), caller.name)


def is_much_alike(one: Exchange, other: Exchange) -> bool:
    """Whether an answer shows most of the fields that another one shows."""
    first = one.response.json() if one.response else None
    second = other.response.json() if other.response else None
    if isinstance(first, NotJson) or isinstance(second, NotJson):
        return judging.is_alike(one, other)
    wanted = judging.shape(second)
    return bool(wanted) and len(wanted & judging.shape(first)) >= 0.6 * len(wanted)


def _saw_served(caller: Session | None) -> str:
    return f"{_who(caller).capitalize()} called an operation that is meant for staff, and was served."


def _who(caller: Session | None) -> str:
    return "somebody without any log-in" if caller is None else "a normal account"
