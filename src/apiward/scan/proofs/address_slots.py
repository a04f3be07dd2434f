"""Which slots of an operation take an address to go to: found by format, by value and by name."""

from collections.abc import Iterable
from typing import Final

from apiward.core.api import Operation
from apiward.core.jsonvalue import Pointer, leaves
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot
from apiward.scan.identities.sessions import Session
from apiward.scan.proofs import openings
from apiward.scan.proofs.openings import Opening
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

MAX_SLOTS: Final = 6
SHORTEST: Final = 60
"""Characters that a slot must take, so that an address of ours fits."""
_FORMATS: Final = frozenset({"uri", "url", "iri", "uri-reference", "iri-reference"})
_NAMES: Final = frozenset(
    "url uri urls uris href link links webhook hook callback endpoint feed website homepage site domain host hostname "
    "server proxy src source target destination dest image img avatar picture photo logo icon thumbnail cover "
    "redirect forward continue goto".split()
)
_STRONG: Final = frozenset("url uri urls uris href webhook callback link".split())
_HOSTS: Final = frozenset("domain host hostname server proxy".split())
_NOT_ADDRESSES: Final = frozenset("id ids name type count size width height title text alt status state at key".split())
_GO_ON: Final = frozenset(
    "redirect redirecturl redirecturi redirectto returnurl returnto return returnuri returnpath next nexturl "
    "continue continueurl goto dest destination destinationurl target targeturl forward forwardurl url uri to out link "
    "backurl back successurl cancelurl callback callbackurl postloginredirecturi logouturl postlogoutredirecturi "
    "service checkouturl ref rurl ru redir".split()
)
_ADDRESSES: Final = ("http://", "https://", "//", "ftp://")


def address_slots(scene: Scene, operation: Operation, session: Session | None, base: Arguments) -> list[Opening]:
    """Return the openings that look as if an address belonged there, the likeliest first."""
    found = openings.openings(scene, operation, session, base)
    known = {one.slot for one in found}
    found += [one for one in _left_out(operation, base) if one.slot not in known]
    ranked = sorted(((_rank(one), place) for place, one in enumerate(found)), reverse=True)
    return [found[place] for rank, place in ranked if rank][:MAX_SLOTS]


def may_take_one(operation: Operation) -> bool:
    """Whether any slot of the operation looks as if an address belonged there, by its name or format."""
    named: Iterable[tuple[str, Schema]] = [(one.name, one.schema) for one in operation.parameters]
    body = operation.body_schema()
    in_body = [(_name(pointer), schema) for pointer, schema in body.fields()] if body and not operation.is_safe else []
    return any(_by_name(name, schema) or _is_example(schema) for name, schema in (*named, *in_body))


def takes_host(opening: Opening) -> bool:
    """Whether a slot takes a host alone rather than a whole address."""
    is_whole = opening.value.startswith(_ADDRESSES) or opening.schema.format in _FORMATS
    return not is_whole and bool(_HOSTS & set(naming.words(opening.slot.name)))


def goes_on(name: str) -> bool:
    """Whether a parameter of that name may say where a browser is sent next."""
    return naming.plain(name) in _GO_ON


def _left_out(operation: Operation, base: Arguments) -> list[Opening]:
    """Return the properties of the body that are not sent as a rule."""
    schema = operation.body_schema()
    if schema is None or operation.is_safe or not isinstance(base.body, dict):
        return []
    sent = {pointer for pointer, _ in leaves(base.body)}
    found = []
    for pointer, below in schema.fields():
        is_plain = pointer and not any(isinstance(step, int) for step in pointer)
        if is_plain and pointer not in sent and not below.is_read_only:
            slot = Slot(BODY, pointer)
            found.append(Opening(slot, base.put(slot, "https://example.com/a"), below))
    return found


def _rank(opening: Opening) -> int:
    if opening.value.startswith(_ADDRESSES) or _is_example(opening.schema):
        return 4 if _takes_text(opening.schema) else 0
    return _by_name(opening.slot.name, opening.schema)


def _by_name(name: str, schema: Schema) -> int:
    if not _takes_text(schema):
        return 0
    if schema.format in _FORMATS:
        return 4
    if schema.format or schema.pattern:
        return 0
    words = naming.words(name)
    if not words or words[-1] in _NOT_ADDRESSES:
        return 0
    return 3 if _STRONG & set(words) else 2 if words[-1] in _NAMES else 0


def _takes_text(schema: Schema) -> bool:
    is_text = not schema.types or "string" in schema.types
    return is_text and not schema.enum and not (schema.max_length is not None and schema.max_length < SHORTEST)


def _is_example(schema: Schema) -> bool:
    return any(isinstance(one, str) and one.startswith(_ADDRESSES) for one in schema.examples)


def _name(pointer: Pointer) -> str:
    return next((step for step in reversed(pointer) if isinstance(step, str)), "")
