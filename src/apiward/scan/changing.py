"""Changing things and looking whether they really changed: shared by the checks that write."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, leaves
from apiward.core.verdict import Verdict
from apiward.scan import judging, naming, objects, roles, values
from apiward.scan.arguments import BODY, Arguments, Slot, text_of
from apiward.scan.objects import OwnedObject, Pointing
from apiward.scan.scene import Scene
from apiward.scan.sessions import Session
from apiward.scan.sign_up import is_privileged_name

MIN_TELLING: Final = 6
MAX_WATCHED: Final = 6


@dataclass(frozen=True, slots=True)
class Change:
    """One way of changing an object: arguments with new content, and the content that would be seen."""

    arguments: Arguments
    content: tuple[tuple[str, str], ...]

    def is_seen_in(self, exchanges: Iterable[Exchange]) -> bool:
        """Whether any new value stands in any of the answers, under its own name or unmistakably."""
        return any(_shows(exchange, name, text) for exchange in exchanges for name, text in self.content)


def change_for(scene: Scene, operation: Operation, caller: Session, way: Pointing) -> Change:
    """Return a change of the object that `way` points at, with content that nobody has used before."""
    body = operation.preferred_body()
    arguments = replace(scene.arguments(operation, caller), body=NOT_JSON, media_type="")
    if body is not None:
        fresh = scene.maker(operation, caller, is_about_others=True)
        arguments = replace(
            arguments, body=fresh.body(body.schema, skip=is_privileged_name), media_type=body.media_type
        )
    for slot, value in way.items():
        arguments = arguments.put(slot, value)
    telling = [
        (naming.plain(slot.name), text_of(value))
        for slot, value in arguments.slots()
        if slot not in way and slot.place in (BODY, "query") and _tells(slot, value)
    ]
    return Change(arguments, tuple(telling))


async def watched(scene: Scene, operation: Operation, target: OwnedObject, owner: Session) -> list[Exchange]:
    """Return what the owner sees now wherever the object, or things of the operation's kind, are shown."""
    exchanges = await scene.look(target, owner)
    noun = (naming.nouns(operation.path) or ("",))[-1]
    shown = {op.key for op, _ in await scene.views(target, owner)}
    for other in scene.operations:
        if len(exchanges) >= MAX_WATCHED:
            break
        is_list = other.method == "GET" and not other.path.endswith("}") and not roles.danger(other)
        if is_list and other.key not in shown and naming.nouns(other.path)[-1:] == (noun,):
            exchanges.append(await scene.call(other, scene.arguments(other, owner), owner))
    return [exchange for exchange in exchanges if exchange.is_success]


async def victim_of(scene: Scene, target: OwnedObject, owner: Session) -> tuple[OwnedObject, Session] | None:
    """Return a throw-away twin of `target` with its owner: a new object, or a new account."""
    if target.is_account:
        return await scene.victim()
    if target.maker is None:
        return None
    twin = await scene.create(target.maker, owner)
    return (twin, owner) if twin is not None else None


def elsewhere(scene: Scene, arguments: Arguments) -> Arguments:
    """Return the arguments with identifiers that no object has: the control of reaching for one."""
    for slot, value in list(arguments.slots()):
        if slot.place == "path" or naming.is_id_name(slot.name):
            arguments = arguments.put(slot, values.unlike(value, scene.rng))
    return arguments


def best(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict that says most: a weakness, else a pass, else a doubt, else why nothing ran."""
    worth = ("not-run", "unsure", "holds", "broken")
    return max(verdicts, key=lambda verdict: worth.index(verdict.outcome.value))


def steady(exchanges: list[Exchange]) -> tuple[str, ...]:
    """Return what the answers say without what changes by itself."""
    return tuple(judging.steady_text(exchange) for exchange in exchanges)


def _shows(exchange: Exchange, name: str, text: str) -> bool:
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return len(text) >= MIN_TELLING and text in exchange.text
    for pointer, value in leaves(body):
        same_name = bool(pointer) and naming.plain(str(pointer[-1])) == name
        if text_of(value) == text and (same_name or objects.marks_in(text)):
            return True
    return False


def _tells(slot: Slot, value: Json) -> bool:
    """Whether the value is one by which a change can be recognised."""
    if roles.is_password_name(slot.name) or naming.is_id_name(slot.name):
        return False
    return bool(objects.marks_in(text_of(value)))
