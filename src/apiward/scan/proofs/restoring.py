"""The accounts that the user gave end as they began: their records are read before anything is changed, and set back.

What is set back is what the API itself showed. Fields that no operation takes cannot be set back, and are named.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from apiward.core.account import Origin, Standing
from apiward.core.api import Operation
from apiward.core.jsonvalue import Json, NotJson
from apiward.scan.calling.arguments import BODY, Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership import objects
from apiward.scan.ownership.private_texts import speaks_of
from apiward.scan.ownership.records import Page, changed_names, fields_in, seen_values, steady
from apiward.scan.scene import Scene, account_of
from apiward.spec.meaning import accounts, naming

MAX_ASKED: Final = 8
MAX_PAGES: Final = 4
MAX_WRITERS: Final = 6
_METHODS: Final = ("PATCH", "PUT", "POST")


async def remember(scene: Scene) -> None:
    """Read what every given account shows of itself. Call it once, before the first change."""
    for session in (*scene.users, *scene.privileged):
        if session.account.origin is Origin.GIVEN:
            pages = [page async for page in _pages(scene, session)]
            scene.records[session.name] = tuple(pages[:MAX_PAGES])


async def put_back(scene: Scene, session: Session) -> None:
    """Set the record of a given account back to what was seen; `scene.unrestored` names what stays changed."""
    pages = scene.records.get(session.name, ())
    changed = await _changed(scene, session, pages)
    seen = seen_values(pages)
    for operation in islice(_writers(scene, session, seen) if changed else (), MAX_WRITERS):
        for portion in _portions(operation, changed):
            if set(portion) & set(changed):
                arguments = _filled(scene, operation, session, seen, portion)
                if portion != changed and not isinstance(arguments.body, NotJson):
                    arguments = replace(arguments, body=_only(arguments.body, portion))
                await scene.call(operation, arguments, session)
                changed = await _changed(scene, session, pages)
    scene.unrestored[session.name] = changed


async def put_all_back(scene: Scene) -> None:
    """Set the records of all given accounts back."""
    for session in (*scene.users, *scene.privileged):
        await put_back(scene, session)


def may_change_record(scene: Scene, operation: Operation, session: Session) -> bool:
    """Whether the operation takes anything of the record that a given account has shown."""
    seen = seen_values(scene.records.get(session.name, ()))
    return not operation.is_safe and bool(_takes(operation) & seen.keys())


async def _pages(scene: Scene, session: Session) -> AsyncIterator[Page]:
    """Read twice wherever the account may be shown its own record: what changes by itself is no part of it."""
    account = account_of(session)
    for operation, arguments in islice(_possible_pages(scene, session), MAX_ASKED):
        first = await scene.call(operation, arguments, session)
        if objects.is_about_caller(operation) or speaks_of(operation, first, account):
            second = await scene.call(operation, arguments, session)
            yield Page(operation, arguments, steady(fields_in(first), fields_in(second)))


def _possible_pages(scene: Scene, session: Session) -> Iterator[tuple[Operation, Arguments]]:
    account = account_of(session)
    reads = [op for op in scene.operations if op.method == "GET" and not accounts.is_account_operation(op)]
    probe = scene.probe.operation.key if scene.probe else ""
    for operation in sorted(reads, key=lambda op: (op.key != probe, not objects.is_about_caller(op))):
        if "{" not in operation.path and (objects.is_about_caller(operation) or operation.key == probe):
            yield operation, scene.arguments(operation, session)
        else:
            for way in objects.pointings(operation, account)[:1]:
                yield operation, scene.pointed(operation, session, way)


def _portions(operation: Operation, changed: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the fields to send together: all at once, then, where single fields can be sent, each by itself."""
    taken = tuple(name for name in changed if naming.plain(name) in _takes(operation))
    if not taken:
        return []
    return [changed, *((name,) for name in taken)] if operation.method == "PATCH" else [changed]


def _only(body: Json, names: tuple[str, ...]) -> Json:
    """Return a body with the fields of these names alone, even where the description asks for others."""
    if not isinstance(body, dict):
        return body
    wanted = {naming.plain(name) for name in names}
    return {k: _only(v, names) for k, v in body.items() if isinstance(v, dict) or naming.plain(k) in wanted}


async def _changed(scene: Scene, session: Session, pages: tuple[Page, ...]) -> tuple[str, ...]:
    """Return the names of the fields that are not as they were. Where nothing is shown, that is noted."""
    names: dict[str, None] = {}
    if pages:
        scene.unseen.discard(session.name)
    for page in pages:
        now = await scene.call(page.operation, page.arguments, session)
        if now.is_success:
            names |= dict.fromkeys(changed_names(page.fields, fields_in(now)))
        else:
            scene.unseen.add(session.name)
    return tuple(names)


def _writers(scene: Scene, session: Session, seen: dict[str, Json]) -> Iterator[Operation]:
    """Yield the operations that may write the account's own record, those that change single fields first."""
    account = account_of(session)
    for method in _METHODS:
        for operation in scene.operations:
            if operation.method != method or accounts.is_account_operation(operation) or objects.deletes(operation):
                continue
            if scene.is_for_staff(operation) and session.account.standing is Standing.NORMAL:
                continue
            is_own = "{" not in operation.path and objects.is_about_caller(operation)
            if _takes(operation) & seen.keys() and (is_own or objects.pointings(operation, account)):
                yield operation


def _takes(operation: Operation) -> frozenset[str]:
    """Return the plain names of the fields of the operation's body."""
    schema = operation.body_schema()
    return frozenset(naming.plain(str(p[-1])) for p, _ in (schema.fields() if schema else ()) if p)


def _filled(
    scene: Scene, operation: Operation, session: Session, seen: dict[str, Json], changed: tuple[str, ...]
) -> Arguments:
    """Return arguments with the seen values: of the changed fields for a PATCH, else of all, since a PUT replaces."""
    wanted = {naming.plain(name) for name in changed} if operation.method == "PATCH" else seen.keys()
    schema = operation.body_schema()
    pointers = [pointer for pointer, _ in (schema.fields() if schema else ())]
    holders = {str(step) for pointer in pointers for step in pointer[:-1]}
    arguments = scene.arguments(operation, session)
    for way in objects.pointings(operation, account_of(session))[:1]:
        arguments = scene.pointed(operation, session, way)
    body = operation.preferred_body()
    if body is not None:
        maker = scene.maker(operation, session)
        filled = maker.body(body.schema, skip=lambda name: name not in holders and naming.plain(name) not in wanted)
        arguments = replace(arguments, body=filled, media_type=body.media_type)
    for slot, _ in list(arguments.slots()):
        if slot.place == BODY and naming.plain(slot.name) in seen:
            arguments = arguments.put(slot, seen[naming.plain(slot.name)])
    return arguments
