"""Changing the own password of a throw-away account: with the old one, with a wrong one, without any."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, at, replaced
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

_OLD: Final = frozenset({"old", "current", "previous", "existing", "original"})
_NEW: Final = frozenset({"new", "confirm", "confirmation", "confirmed", "repeat", "again", "retype", "verify"})
_NAMING: Final = ("username", "user", "email", "account", "login", "customer", "owner")


def fresh_password(scene: Scene, spare: Session) -> str:
    """Return a new good password, noted as a secret of the account."""
    new = f"Nw8!{scene.rng.randrange(10**9):09d}Qz"
    spare.secrets.add(new)
    return new


def asks_for_old(scene: Scene, operation: Operation, spare: Session) -> bool:
    """Whether the description names a field for the old password."""
    return bool(_old_slots(scene.arguments(operation, spare)))


async def change(
    scene: Scene, operation: Operation, spare: Session, credential: Credential, new: str, *, old: str | None = None
) -> Exchange | None:
    """Change the password; None where the call might hit another account than the spare one.

    `old` is sent where the old password is asked for: the right one by default, an empty text leaves it out.
    """
    shown = spare.password if old is None else old
    exchange: Exchange | None = None
    for arguments in own_arguments(scene, operation, spare):
        exchange = await scene.call(operation, _with_passwords(arguments, shown, new), credential=credential)
        if exchange.is_success:
            break
    return exchange


def own_arguments(scene: Scene, operation: Operation, spare: Session) -> Iterator[Arguments]:
    """Yield arguments that point at the spare account and surely at no other, the likeliest first."""
    target = objects.account_object(spare.name, _facts(spare), frozenset())
    path = {parameter.name for parameter in operation.parameters_in(Place.PATH)}
    for way in objects.pointings(operation, target) or [{}]:
        if not path <= {slot.name for slot in way if slot.place == Place.PATH.value}:
            continue
        pointed = _own(scene.pointed(operation, spare, way), spare, {slot.label for slot in way})
        if pointed is not None:
            yield pointed


def _facts(spare: Session) -> dict[str, Json]:
    own: dict[str, Json] = {"username": spare.account.username or spare.persona.handle, "email": spare.persona.email}
    return {**own, **spare.account.facts}


def _own(arguments: Arguments, spare: Session, known: set[str]) -> Arguments | None:
    """Return the arguments with every slot that names an account naming the spare one; None where that is unsure."""
    for slot, _ in list(arguments.slots()):
        if slot.label in known or naming.is_password_name(slot.name):
            continue
        own = spare.persona.value_for(slot.name)
        if own is not None:
            arguments = arguments.put(slot, own)
        elif naming.is_id_name(slot.name) or naming.plain(slot.name) in _NAMING:
            return None
    return arguments


def _with_passwords(arguments: Arguments, old: str, new: str) -> Arguments:
    """Return the arguments with the old password where it is asked for, and the new one elsewhere."""
    old_slots = _old_slots(arguments)
    for slot in password_slots(arguments):
        arguments = arguments.put(slot, old if slot in old_slots else new)
    for slot in old_slots if not old else ():
        arguments = _without(arguments, slot)
    return arguments


def _old_slots(arguments: Arguments) -> list[Slot]:
    slots = password_slots(arguments)
    has_new = any(_NEW & set(naming.words(slot.name)) and "new" in slot.name.lower() for slot in slots)
    parts = {slot: set(naming.words(slot.name)) for slot in slots}
    return [slot for slot in slots if parts[slot] & _OLD or (has_new and not parts[slot] & _NEW)]


def password_slots(arguments: Arguments) -> list[Slot]:
    """Return the slots that take a password, old or new."""
    return [slot for slot, _ in arguments.slots() if naming.is_password_name(slot.name)]


def _without(arguments: Arguments, slot: Slot) -> Arguments:
    """Return the arguments without the slot, where it stands in a body; elsewhere with an empty text in it."""
    holder: Pointer = slot.pointer[:-1]
    held = at(arguments.body, holder) if slot.place == BODY and not isinstance(arguments.body, NotJson) else None
    if not isinstance(held, dict) or isinstance(arguments.body, NotJson):
        return arguments.put(slot, "")
    left: Json = {key: value for key, value in held.items() if key != slot.pointer[-1]}
    return replace(arguments, body=replaced(arguments.body, holder, left))
