"""OBJ07: a list of identifiers is checked for the first alone, or not at all (CWE-639, OWASP API1:2023).

Proves: with an object of its own the stranger is shown nothing of the owner's; with the owner's identifier beside it,
it is shown a text that the owner put in, or the owner's throw-away object has changed, which a made-up one does not do.
Cannot: judge objects that the scan could not make, or what such a call does without showing it anywhere.
"""

from dataclasses import dataclass, replace
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import BODY, Slot, text_of
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs.changing import best, seen_steadily, steady_texts, telling_marks, told_in
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "OBJ07"
MAX_TARGETS: Final = 2
SAW_READ = "With another's identifier beside its own in {place}, a normal account was shown what that other had made."
SAW_ACTED = "With another's identifier beside its own in {place}, a normal account changed what that other had made."


@dataclass(frozen=True, slots=True)
class _Lists:
    """A slot that takes several identifiers, and the kinds of object that they may name; `is_text`: one text of all."""

    slot: Slot
    nouns: tuple[str, ...]
    is_text: bool = False

    def holding(self, *ids: Json) -> Json:
        """Return the identifiers as they are sent."""
        return ",".join(text_of(one) for one in ids) if self.is_text else list(ids)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the stranger got for its own object, for both (asked last), and for its own beside one that nobody has."""

    own: Exchange
    both: Exchange
    none: Exchange


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a list of identifiers."""
    return bool(_lists(operation)) and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for one's own object, then for the owner's beside it."""
    say = Saying(CODE, operation.key)
    if scene.owner is None or scene.peer is None:
        return say.not_run("needs two normal accounts")
    if not operation.is_safe and scene.level < Level.WRITE:
        return say.not_run("needs --level write")
    pairs = [(lists, target) for lists in _lists(operation) for target in _targets(scene, lists, scene.owner)]
    if not pairs:
        return say.not_run("no object of our own that this operation's list can name")
    return best([await _judge(scene, operation, say, lists, target) for lists, target in pairs[:MAX_TARGETS]])


def _lists(operation: Operation) -> list[_Lists]:
    """Return the slots that take several identifiers."""
    schema = operation.body_schema() if not operation.is_safe else None
    pointers = [pointer for pointer, _ in (schema.fields() if schema else ()) if pointer[-1:] == (0,)]
    slots = [(Slot(BODY, p[:-1]), False) for p in pointers if 0 not in p[:-1] and p[:-1]]
    for parameter in operation.parameters_in(Place.QUERY):
        is_text = "array" not in parameter.schema.types or parameter.explode is False
        slots.append((Slot("query", (parameter.name,)), is_text))
    own = naming.nouns(operation.path)
    return [_Lists(slot, nouns, is_text) for slot, is_text in slots if (nouns := _nouns(slot.name, own))]


def _nouns(name: str, own: tuple[str, ...]) -> tuple[str, ...]:
    """Return which objects a list of that name may hold identifiers of: `note_ids`, `ids`; none for no such list."""
    parts = naming.words(name)
    if parts[-1:] not in (("ids",), ("uuids",), ("guids",), ("slugs",), ("numbers",), ("codes",)):
        return ()
    return (naming.singular(parts[-2]),) if len(parts) > 1 else own


def _targets(scene: Scene, lists: _Lists, owner: Session) -> list[OwnedObject]:
    found = [t for t in scene.owned_by(owner) if t.noun in lists.nouns and not t.is_account and _id_of(t) is not None]
    return found[:MAX_TARGETS]


def _id_of(target: OwnedObject) -> Json:
    return next(iter(target.names.get(f"{target.noun}id", ())), None)


async def _judge(scene: Scene, operation: Operation, say: Saying, lists: _Lists, target: OwnedObject) -> Verdict:
    owner, peer = scene.owner, scene.peer
    if owner is None or peer is None or target.maker is None:
        return say.not_run("no throw-away object could be made to try this on")
    theirs = target if operation.is_safe else await scene.create(target.maker, owner)
    mine = await _own(scene, operation, peer, target)
    if theirs is None or mine is None or _id_of(theirs) is None or _id_of(mine) is None:
        return say.not_run("no throw-away objects of both accounts could be had to try this on")
    private = telling_marks(scene, theirs, owner, peer)
    if not private:
        return say.holds("what the object holds is shown to every account anyway")
    before = await seen_steadily(scene, theirs, owner)
    asked = await _ask(scene, operation, peer, lists, (_id_of(mine), _id_of(theirs)))
    if not judging.is_accepted(asked.own):
        return say.not_run("the operation refused even one's own object")
    between = await scene.look(theirs, owner) if before else []
    both = scene.arguments(operation, peer).put(lists.slot, lists.holding(_id_of(mine), _id_of(theirs)))
    asked = replace(asked, both=await scene.call(operation, both, peer))
    if steady_texts(between) != steady_texts(before):
        before = []  # it changes without having been named
    if asked.both.is_doubtful:
        return say.unsure("the stranger's request got no clear answer")
    if private & told_in(asked.both) and not private & told_in(asked.own) | private & told_in(asked.none):
        saw = SAW_READ.format(place=lists.slot.label)
        return say.broken(
            scene.told_of_strangers(saw), asked.both, asked.own, more=(asked.none,), place=lists.slot.label
        )
    return await _by_effect(scene, operation, say, lists, theirs, before, asked)


async def _by_effect(
    scene: Scene,
    operation: Operation,
    say: Saying,
    lists: _Lists,
    theirs: OwnedObject,
    before: list[Exchange],
    asked: _Asked,
) -> Verdict:
    owner = scene.owner
    if owner is None or operation.is_safe or not before:
        return say.holds("a stranger named the owner's object beside one of its own, and was not shown it")
    after = await scene.look(theirs, owner)
    if any(exchange.is_doubtful for exchange in after) or len(after) != len(before):
        return say.unsure("what the owner saw afterwards allows no judgement")
    if steady_texts(after) == steady_texts(before):
        return say.holds("a stranger named the owner's object beside one of its own, and nothing happened to it")
    saw = SAW_ACTED.format(place=lists.slot.label)
    return say.broken(
        scene.told_of_strangers(saw), asked.both, before[0], more=(asked.own, *after[:1]), place=lists.slot.label
    )


async def _ask(scene: Scene, operation: Operation, peer: Session, lists: _Lists, ids: tuple[Json, Json]) -> _Asked:
    base, (mine, theirs) = scene.arguments(operation, peer), ids
    sent = [lists.holding(mine), lists.holding(mine, values.unlike(theirs, scene.rng))]
    own, none = [await scene.call(operation, base.put(lists.slot, one), peer) for one in sent]
    return _Asked(own, own, none)


async def _own(scene: Scene, operation: Operation, peer: Session, like: OwnedObject) -> OwnedObject | None:
    """Return an object of the stranger's own, a throw-away one where it may be changed."""
    if not operation.is_safe and like.maker is not None:
        return await scene.create(like.maker, peer)
    return next((t for t in scene.owned_by(peer) if t.noun == like.noun and not t.is_account), None)


CHECK = Check(CODE, applies, run, phase=Phase.CHANGES)
