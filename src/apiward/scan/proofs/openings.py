"""Openings: the slots of an operation into which a check may put text of its own, with a working call around each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from apiward.core.account import Origin
from apiward.core.api import Operation, Parameter, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, Pointer, leaves, walk
from apiward.core.schema import Schema
from apiward.scan.calling.arguments import BODY, Arguments, Slot, text_of
from apiward.scan.calling.values import fresh_text, is_free_text
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.knowledge import ANONYMOUS
from apiward.scan.proofs import restoring
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming, spoken

MAX_OPENINGS: Final = 12
_NOT_SENT: Final = frozenset("authorization accept contenttype cookie host contentlength".split())
_SEARCHES: Final = frozenset("q query search term keyword keywords text filter find name title like contains".split())
_CHANGING: Final = frozenset(
    "delete remove unsubscribe cancel update edit confirm activate deactivate approve send pay transfer close verify "
    "accept reject mark click vote like enable disable set add create".split()
)
_SORTS: Final = frozenset("sort sortby orderby order ordering sortfield sortcolumn column field fields groupby".split())


@dataclass(frozen=True, slots=True)
class Opening:
    """One slot, the schema of what belongs there, and arguments that hold a fitting value in it."""

    slot: Slot
    arguments: Arguments
    schema: Schema

    @property
    def value(self) -> str:
        """The fitting value as text."""
        found = self.arguments.get(self.slot)
        return "" if isinstance(found, NotJson) else text_of(found)

    @property
    def takes_text(self) -> bool:
        """Whether the description lets any text stand there."""
        return not self.schema.enum and (not self.schema.types or "string" in self.schema.types)

    def with_text(self, text: Json) -> Arguments:
        """Return the arguments with another value in the slot."""
        return self.arguments.put(self.slot, text)


def is_sort_name(name: str) -> bool:
    """Whether a slot of that name takes a column or an order."""
    return naming.plain(name) in _SORTS


def only_reads(operation: Operation) -> bool:
    """Whether the operation changes nothing, by its method and by its name."""
    return operation.is_safe and not _CHANGING & set(spoken.spoken_name(operation).split("-"))


def words_at(operation: Operation, opening: Opening) -> str:
    """Return the words of the slot's name and of the operation's, which may tell what is done with the value."""
    return " ".join((*naming.words(opening.slot.name), *spoken.spoken_name(operation).split("-")))


def holds_credential(scene: Scene, operation: Operation, session: Session | None, opening: Opening) -> bool:
    """Whether the session's credential would take the place of the texts that are tried."""
    shown = session.credential_for(scene.accounts.area_of(operation).schemes) if session else None
    own = (opening.slot.place, opening.slot.name.lower())
    return shown is not None and own == (shown.place.value, shown.name.lower())


async def working(scene: Scene, operation: Operation, session: Session | None) -> tuple[Arguments, Exchange]:
    """Return arguments with which the operation answers well, or the likeliest ones, with their exchange."""
    first: tuple[Arguments, Exchange] | None = None
    for arguments in _likely(scene, operation, session)[:3]:
        exchange = await scene.call(operation, arguments, session)
        if judging.is_accepted(exchange):
            if not operation.is_safe:
                note_made(scene, operation, session, arguments, exchange)
            return arguments, exchange
        first = first or (arguments, exchange)
    assert first is not None  # noqa: S101  # `_likely` gives at least one
    return first


def openings(scene: Scene, operation: Operation, session: Session | None, base: Arguments) -> list[Opening]:
    """Return the openings of an operation, at most `MAX_OPENINGS`: path, query, header, cookie, then body."""
    found = [_named(scene, operation, session, base, one) for one in operation.parameters if _may_fill(one)]
    found += _in_body(operation, base)
    return found[:MAX_OPENINGS]


def _likely(scene: Scene, operation: Operation, session: Session | None) -> list[Arguments]:
    made = scene.accounts.sign_up_sent
    if accounts.is_sign_up(operation) and operation == scene.accounts.sign_up_operation and made is not None:
        return [made]
    own = [scene.arguments(operation, session)]
    if session is None:
        return own
    alive = scene.alive(operation, session, most=2)
    chosen = alive + own if scene.gone else own + alive
    return [_kept_name(session, arguments) for arguments in chosen]


def _kept_name(session: Session, arguments: Arguments) -> Arguments:
    """Return the arguments with the account's own log-in name wherever its body asks for one, so that it keeps it."""
    for slot, value in list(arguments.slots()):
        if slot.place == BODY and isinstance(value, str):
            own = session.persona.value_for(slot.name)
            if own is not None and own == session.persona.handle:
                arguments = arguments.put(slot, session.account.username or own)
    return arguments


def freshened(scene: Scene, arguments: Arguments, kept: Slot) -> Arguments:
    """Return the arguments with new invented texts in all slots but `kept`, for where each must be the only one."""
    for slot, value in list(arguments.slots()):
        if slot != kept and slot.place == BODY and isinstance(value, str) and is_free_text(value):
            arguments = arguments.put(slot, fresh_like(scene, value))
    return arguments


def fresh_like(scene: Scene, text: str) -> str:
    """Return a new invented text of the same kind."""
    return fresh_text(scene.rng, text.rpartition(" ")[0])


def _may_fill(parameter: Parameter) -> bool:
    if "boolean" in parameter.schema.types or parameter.schema.format == "binary":
        return False
    return parameter.place is not Place.HEADER or naming.plain(parameter.name) not in _NOT_SENT


def _named(
    scene: Scene, operation: Operation, session: Session | None, base: Arguments, parameter: Parameter
) -> Opening:
    slot = Slot(parameter.place.value, (parameter.name,))
    if isinstance(base.get(slot), NotJson):
        base = base.put(slot, _optional(scene, operation, session, parameter))
    return Opening(slot, base, parameter.schema)


def _optional(scene: Scene, operation: Operation, session: Session | None, parameter: Parameter) -> Json:
    """Return a value for a parameter that may be left out: one that was seen in answers where there is one."""
    schema = parameter.schema
    if schema.enum:
        return schema.enum[0]
    if is_sort_name(parameter.name):
        return next(_columns(scene, operation, session), None) or (schema.examples or ("id",))[0]
    names = naming.id_names(parameter.name, naming.noun_before(operation.path, parameter.name))
    for viewer in (session.name if session else ANONYMOUS, ANONYMOUS):
        known = scene.knowledge.values(viewer, names)
        if known:
            return known[0]
    if naming.plain(parameter.name) in _SEARCHES and parameter.place is Place.QUERY:
        word = next(_words(scene, operation, session), "")
        if word:
            return word
    if schema.examples:
        return schema.examples[0]
    return scene.maker(operation, session).value(parameter.name, schema)


def _body_seen(scene: Scene, operation: Operation, session: Session | None) -> Json:
    seen = scene.seen(operation, session)
    body = seen.response.json() if seen is not None and seen.response and seen.is_success else None
    return None if isinstance(body, NotJson) else body


def _words(scene: Scene, operation: Operation, session: Session | None) -> Iterator[str]:
    for _, value in leaves(_body_seen(scene, operation, session)):
        if isinstance(value, str) and any(char.isalpha() for char in value):
            yield max(value.split(), key=len)[:40]


def _columns(scene: Scene, operation: Operation, session: Session | None) -> Iterator[str]:
    for pointer, node in walk(_body_seen(scene, operation, session)):
        if isinstance(node, dict) and pointer and isinstance(pointer[-1], int):
            yield from (key for key, value in node.items() if not isinstance(value, dict | list))


def _in_body(operation: Operation, base: Arguments) -> list[Opening]:
    if isinstance(base.body, NotJson):
        return []
    schema = operation.body_schema() or Schema()
    schemas = dict(schema.fields())
    found = []
    for pointer, value in leaves(base.body):
        if not isinstance(value, bool) and value is not None and pointer:
            found.append(Opening(Slot(BODY, pointer), base, schemas.get(_zeroed(pointer), Schema())))
    return found


def _zeroed(pointer: Pointer) -> Pointer:
    return tuple(0 if isinstance(step, int) else step for step in pointer)


def own_write(scene: Scene, operation: Operation) -> str | None:
    """Return why a check must not send faulty values to an operation, or None where it may."""
    if operation.is_safe:
        return None
    if scene.level < Level.WRITE:
        return "needs --level write"
    if operation.method == "DELETE" or accounts.is_log_out(operation):
        return "ends or deletes something: not tried with faulty values"
    return None


def holds_own_key(operation: Operation, opening: Opening, session: Session | None) -> bool:
    """Whether a changed value might lock the account out of the API: its password, or the name that it logs in by."""
    if accounts.is_sign_up(operation) or opening.slot.place != BODY:
        return False
    name = opening.slot.name.lower()
    is_given = session is not None and session.account.origin is Origin.GIVEN
    is_name = is_given and session is not None and opening.value == session.account.username
    return is_name or naming.is_password_name(name) or name in ("username", "login", "handle")


async def restore(scene: Scene, operation: Operation, session: Session | None, base: Arguments) -> None:
    """Send the working arguments again, so that what a probe may have changed is as before.

    The record of an account that was given is set back to what it was before the scan.
    """
    if operation.method in ("PUT", "PATCH") and not accounts.is_sign_up(operation):
        await scene.call(operation, base, session)
    if session is not None and restoring.may_change_record(scene, operation, session):
        await restoring.put_back(scene, session)


def note_made(scene: Scene, operation: Operation, session: Session | None, sent: Arguments, exchange: Exchange) -> None:
    """Remember an object that a probe made, so that it is removed in the end."""
    if session is not None and judging.is_accepted(exchange) and objects.makes(operation):
        # At the front, so that later calls still prefer the objects with proper names.
        scene.objects.prepend([replace(objects.made(operation, session.name, sent, exchange), marks=frozenset())])
