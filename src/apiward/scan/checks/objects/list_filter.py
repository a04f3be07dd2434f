"""OBJ08: a list of one's own things opens to a name of somebody else in the query or a header (CWE-639, API1:2023).

Proves: the stranger's own list shows nothing of the owner's; with the owner's name in one more field, it shows a text
that only the owner's list shows, and with a made-up name it does not. No log-in of the owner is used.
Cannot: guess every name of such a field: it takes those that the records show, and the usual ones.
"""

from collections.abc import Iterator
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments, Slot, text_of
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.proofs.changing import told_in
from apiward.scan.scene import Scene, account_of
from apiward.spec.meaning import naming

CODE = "OBJ08"
MAX_NAMES: Final = 10
MAX_SINGLE: Final = 3
_BY_ID: Final = ("user_id", "userId", "owner_id", "account_id", "customer_id", "client_id", "user", "owner")
_BY_NAME: Final = ("username", "email")
_HEADERS: Final = ("X-User-Id", "X-Account-Id", "X-Customer-Id", "X-Client-Id")
Filled = dict[Slot, Json]


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation shows the caller's own things, without being told whose."""
    return operation.method == "GET" and "{" not in operation.path and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask for the stranger's list with the owner's name beside it."""
    say = Saying(CODE, operation.key)
    owner, peer = scene.owner, scene.peer
    if owner is None or peer is None:
        return say.not_run("needs two normal accounts")
    private = _private(scene, operation, owner, peer) - _names_in(owner)
    if not private:
        return say.not_run("the list shows nothing that belongs to one account alone")
    is_clear = True
    for filled in _tries(scene, operation, owner):
        attack = await _called(scene, operation, peer, filled)
        if attack.status in (400, 422) and len(filled) > 1:
            singles = [{slot: value} for slot, value in filled.items()][:MAX_SINGLE]
        elif private & told_in(attack):
            singles = [{slot: value} for slot, value in filled.items()]
        else:
            is_clear &= not attack.is_doubtful
            continue
        verdict = await _narrowed(scene, operation, say, peer, singles, private)
        if verdict is not None:
            return verdict
    if not is_clear:
        return say.unsure("with the owner's name in the query or in headers, the list gave no clear answer")
    return say.holds(
        "with the owner's name in the query or in headers, a stranger's list showed nothing of the owner's"
    )


async def _narrowed(
    scene: Scene, operation: Operation, say: Saying, peer: Session, singles: list[Filled], private: frozenset[str]
) -> Verdict | None:
    for single in singles:
        attack = await _called(scene, operation, peer, single)
        if not private & told_in(attack):
            continue
        (slot, value), *_ = single.items()
        control = await _called(scene, operation, peer, {slot: values.unlike(value, scene.rng)})
        plain = await _called(scene, operation, peer, {})
        if private & (told_in(control) | told_in(plain)):
            return say.unsure("the list shows the owner's things to a stranger whatever is asked for")
        saw = f"With {slot.label} naming another account, a normal account was shown what belongs to that one."
        return say.broken(scene.told_of_strangers(saw), attack, plain, more=(control,), place=slot.label)
    return None


def _private(scene: Scene, operation: Operation, owner: Session, peer: Session) -> frozenset[str]:
    """Return the texts of the owner's things in its own list that neither the stranger nor everybody is shown."""
    seen = scene.seen(operation, owner)
    if seen is None or not judging.is_accepted(seen):
        return frozenset()
    shown = objects.marks_in(seen.text)
    own = frozenset(mark for target in scene.owned_by(owner) for mark in target.marks)
    return frozenset(
        mark for mark in shown & own if not scene.is_shown_to(peer, mark) and not scene.is_shown_to(None, mark)
    )


def _names_in(owner: Session) -> frozenset[str]:
    """Return the texts in what is sent to name the owner: an answer may repeat its own address."""
    return frozenset(mark for name in owner.own_names for mark in objects.marks_in(name)) | account_of(owner).marks


def _tries(scene: Scene, operation: Operation, owner: Session) -> Iterator[Filled]:
    """Yield sets of fields that name the owner: in the query, then in headers."""
    known = account_of(owner).names
    described = {p.name for p in operation.parameters_in(Place.QUERY)}
    id_ = next(iter(known.get("id", known.get("userid", ()))), None) or owner.account.username
    by_name = {"email": owner.persona.email, "username": owner.account.username}
    names = [*_shown_names(scene, operation, owner, known), *((n, id_) for n in _BY_ID)]
    names += [(name, by_name[name]) for name in _BY_NAME]
    chosen: Filled = {}
    for name, value in names:
        if name not in described and value and len(chosen) < MAX_NAMES:
            chosen.setdefault(Slot("query", (name,)), value)
    yield chosen
    yield {Slot("header", (name,)): text_of(id_) for name in _HEADERS}


def _shown_names(
    scene: Scene, operation: Operation, owner: Session, known: objects.Names
) -> Iterator[tuple[str, Json]]:
    """Yield the fields of the list's own records that name the owner, as they are written there."""
    seen = scene.seen(operation, owner)
    body = seen.response.json() if seen is not None and seen.response else None
    if body is None or isinstance(body, NotJson):
        return
    own = {text_of(value): value for name in ("id", "userid", "username", "email") for value in known.get(name, ())}
    for pointer, value in leaves(body):
        if pointer and text_of(value) in own and naming.plain(str(pointer[-1])) not in ("id", "uuid"):
            yield str(pointer[-1]), own[text_of(value)]


async def _called(scene: Scene, operation: Operation, peer: Session, filled: Filled) -> Exchange:
    arguments: Arguments = scene.arguments(operation, peer)
    for slot, value in filled.items():
        arguments = arguments.put(slot, value)
    return await scene.call(operation, arguments, peer)


CHECK = Check(CODE, applies, run)
