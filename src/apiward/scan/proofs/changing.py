"""Changing things and looking whether they really changed: shared by the checks that write."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, at, leaves, replaced, walk
from apiward.core.schema import Schema
from apiward.core.verdict import Verdict
from apiward.scan.calling import values
from apiward.scan.calling.arguments import BODY, Arguments, Slot, text_of
from apiward.scan.calling.values import is_dated
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject, Pointing
from apiward.scan.ownership.private_texts import texts_in
from apiward.scan.scene import Scene
from apiward.spec.meaning import dangers, naming

MIN_TELLING: Final = 6
MAX_WATCHED: Final = 6


@dataclass(frozen=True, slots=True)
class Sight:
    """What an owner sees somewhere. `is_theirs_alone`: nothing of other accounts ever stands there."""

    exchange: Exchange
    is_theirs_alone: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One way of changing an object: arguments with new content, and the content that would be seen."""

    arguments: Arguments
    content: tuple[tuple[str, str], ...]

    def is_seen_in(self, sights: Iterable[Sight], identity: frozenset[str]) -> bool:
        """Whether any new value stands in an answer about the object, or in a record that bears its `identity`."""
        return any(self._is_seen(sight, identity) for sight in sights)

    def _is_seen(self, sight: Sight, identity: frozenset[str]) -> bool:
        if not _shows(sight.exchange, self.content):
            return False
        if sight.is_theirs_alone:
            return True
        records = [r for r in _records(sight.exchange) if any(_is_in(r, name, text) for name, text in self.content)]
        return any(identity & {text_of(value) for _, value in leaves(record)} for record in records)


def change_for(scene: Scene, operation: Operation, caller: Session, way: Pointing, victim: Session) -> Change:
    """Return a change of the object that `way` points at, with content that nobody has used before.

    The name by which `victim` logs in stays as it is, so that its account can still be reached.
    """
    body = operation.preferred_body()
    arguments = replace(scene.arguments(operation, caller), body=NOT_JSON, media_type="")
    if body is not None:
        fresh = scene.maker(operation, caller, is_about_others=True)
        filled = _other_choices(fresh.body(body.schema, skip=fresh.is_better_left_out), body.schema)
        arguments = replace(arguments, body=filled, media_type=body.media_type)
    for slot, _ in list(arguments.slots()):
        if slot.place == BODY and naming.plain(slot.name) in ("username", "login", "handle"):
            arguments = arguments.put(slot, victim.account.username)
    for slot, value in way.items():
        arguments = arguments.put(slot, value)
    # What the victim is called already stands in its answers before and after.
    telling = [
        (naming.plain(slot.name), text_of(value))
        for slot, value in arguments.slots()
        if slot not in way and slot.place in (BODY, "query") and _tells(slot, value) and value not in victim.own_names
    ]
    return Change(arguments, tuple(telling))


def _other_choices(body: Json, schema: Schema) -> Json:
    """Return the body with the last choice of every list of choices: objects are made with the first."""
    for pointer, child in schema.fields():
        if not pointer or naming.opens_up(str(pointer[-1])):
            continue
        if len(child.enum) > 1 and not isinstance(at(body, pointer), NotJson):
            body = replaced(body, pointer, child.enum[-1])
    return body


async def watched(scene: Scene, operation: Operation, target: OwnedObject, owner: Session) -> list[Sight]:
    """Return what the owner sees now wherever the object, or things of the operation's kind, are shown."""
    places = [(op, arguments) for op, arguments in await scene.views(target, owner)]
    noun = (naming.nouns(operation.path) or ("",))[-1]
    shown = {op.key for op, _ in places}
    for other in scene.operations:
        is_list = other.method == "GET" and not other.path.endswith("}") and naming.nouns(other.path)[-1:] == (noun,)
        if is_list and other.key not in shown and not dangers.danger(other):  # asked last: it costs most
            places.append((other, scene.arguments(other, owner)))
    sights = []
    for op, arguments in places[:MAX_WATCHED]:
        exchange = await scene.call(op, arguments, owner)
        if exchange.is_success:
            sights.append(Sight(exchange, is_theirs_alone=_is_private(scene, op)))
    return sights


def _is_private(scene: Scene, operation: Operation) -> bool:
    """Whether the operation showed one of the users things of its own, and never anything of another's."""
    for user in scene.users:
        seen = scene.seen(operation, user)
        if seen is not None and scene.objects.others_own(objects.marks_in(seen.text), user.name):
            return False
    return True


async def victim_of(scene: Scene, target: OwnedObject, owner: Session) -> tuple[OwnedObject, Session] | None:
    """Return a throw-away twin of `target` with its owner: a new object, or a new account."""
    if target.is_account:
        return await scene.victim()
    if target.maker is None:
        return None
    twin = await scene.create(target.maker, owner)
    return (twin, owner) if twin is not None else None


def telling_marks(scene: Scene, target: OwnedObject, owner: Session, stranger: Session | None) -> frozenset[str]:
    """Return the texts by which the object can be told, and which the stranger is shown nowhere.

    An object that holds no text of ours is told by its owner's name or address, where it shows them.
    """
    told = target
    if not target.marks:
        told = next((t for t in scene.owned_by(owner) if t.is_account), target)
    return scene.private_marks(told, stranger)


def told_in(exchange: Exchange) -> frozenset[str]:
    """Return everything in an answer by which an object, or the account of a person, may be told."""
    return objects.marks_in(exchange.text) | (texts_in(exchange) or frozenset())


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


def steady(sights: list[Sight]) -> tuple[str, ...]:
    """Return what is shown of the owner's things alone, without what changes by itself."""
    return tuple(judging.steady_text(sight.exchange) for sight in sights if sight.is_theirs_alone)


async def seen_steadily(scene: Scene, target: OwnedObject, owner: Session) -> list[Exchange]:
    """Return what the owner's views of an object show, if they show the same twice; else nothing."""
    first, second = await scene.look(target, owner), await scene.look(target, owner)
    is_clear = all(exchange.is_success for exchange in second)
    return second if is_clear and steady_texts(first) == steady_texts(second) else []


def steady_texts(exchanges: Iterable[Exchange]) -> list[str]:
    """Return what answers say, without what changes by itself."""
    return [judging.steady_text(exchange) for exchange in exchanges]


def identity_of(target: OwnedObject, way: Pointing) -> frozenset[str]:
    """Return the texts by which a record of the target can be told from others."""
    return target.marks | {text_of(value) for value in way.values()}


def _shows(exchange: Exchange, content: tuple[tuple[str, str], ...]) -> bool:
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return any(len(text) >= MIN_TELLING and text in exchange.text for _, text in content)
    return any(_is_in(body, name, text) for name, text in content)


def _is_in(body: Json, name: str, text: str) -> bool:
    """Whether a value stands in the body, under its own name or unmistakably."""
    for pointer, value in leaves(body):
        same_name = bool(pointer) and naming.plain(str(pointer[-1])) == name
        if text_of(value) == text and (same_name or objects.marks_in(text)):
            return True
    return False


def _records(exchange: Exchange) -> list[Json]:
    """Return the elements of the lists in an answer, or the answer itself where it has none."""
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return []
    elements = [item for _, node in walk(body) if isinstance(node, list) for item in node if isinstance(item, dict)]
    return list(elements) or [body]


def _tells(slot: Slot, value: Json) -> bool:
    """Whether the value is one by which a change can be recognised."""
    if naming.is_password_name(slot.name) or naming.is_id_name(slot.name):
        return False
    return bool(objects.marks_in(text_of(value))) or is_dated(value)
