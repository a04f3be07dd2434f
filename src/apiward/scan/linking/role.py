"""A role that an account could give itself, used: whether it opens what normal accounts are refused."""

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import Json, NotJson, parse_json, walk
from apiward.core.verdict import Evidence, Verdict
from apiward.scan.calling.arguments import BODY, Slot
from apiward.scan.calling.showing import with_credential
from apiward.scan.identities.sessions import Session
from apiward.scan.linking.giving import was_sent
from apiward.scan.linking.trying import Step
from apiward.scan.meaning import judging
from apiward.scan.proofs import granting
from apiward.scan.proofs.staffing import has_content
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, dangers

MAX_TRIED: Final = 6
MAX_ROLES: Final = 4


def gives_role_at(first: Verdict) -> bool:
    """Whether what the finding could set says what its bearer may do."""
    return granting.gives_role(_name(first))


async def role_opens(scene: Scene, first: Verdict) -> Step | None:
    """Use a role that a throw-away account gave itself: read what staff reads, and a normal account is refused."""
    name = _name(first)
    pages = list(_staff_pages(scene)) if gives_role_at(first) and first.evidence is not None else []
    shut = [(page, refused) for page in pages if (refused := await _refused(scene, page)) is not None]
    if not shut:
        return None
    operation = next((one for one in scene.operations if one.key == first.operation), None)
    ways = _signed_up if operation is None or accounts.is_sign_up(operation) else _updated
    async with aclosing(ways(scene, first, name)) as bearers:
        async for session in bearers:
            for page, refused in shut:
                served = await scene.call(page, scene.arguments(page, session), session)
                if judging.is_accepted(served) and has_content(served):
                    saw = f"The account that had set {name} was served by {page.key}; a normal one was refused."
                    return Step(page.key, saw, Evidence(served, refused))
    return None


def _name(first: Verdict) -> str:
    return first.place.removeprefix("body ")


async def _refused(scene: Scene, page: Operation) -> Exchange | None:
    """Return how a normal account is refused; None where it is not."""
    plain = await scene.call(page, scene.arguments(page, scene.peer), scene.peer)
    return plain if scene.peer is not None and judging.is_refused(plain) else None


async def _signed_up(scene: Scene, first: Verdict, name: str) -> AsyncGenerator[Session, None]:
    """Yield the account that was made with the role, then new ones. They keep it until they are removed."""
    assert first.evidence is not None  # noqa: S101 - `role_opens` has looked
    attack = first.evidence.attack
    for session in _spares(scene, lambda one: was_sent(attack, one.own_names)):
        scene.raised.add(session)
        yield session
    for role in _other_roles(scene, _value_of(attack.request.body, name)):
        made = await scene.accounts.new(extra=dict.fromkeys(_slots(attack.request.body, name), role))
        if made is not None:
            scene.spares.append(made)
            scene.raised.add(made)
            yield made


async def _updated(scene: Scene, first: Verdict, name: str) -> AsyncGenerator[Session, None]:
    """Yield the account that could update its role, once for each role; it is set back afterwards."""
    assert first.evidence is not None  # noqa: S101 - `role_opens` has looked
    attack, control = first.evidence.attack, first.evidence.control
    operation = next(one for one in scene.operations if one.key == first.operation)
    value, usual = _value_of(attack.request.body, name), _value_of(_answer(control), name)
    session = next(iter(_spares(scene, lambda one: was_sent(attack, one.secrets))), None)
    if session is None or isinstance(usual, NotJson) or isinstance(value, NotJson):
        return
    try:
        for role in (value, *_other_roles(scene, value)):
            if await _set(scene, operation, session, attack.request, name, role):
                yield session
    finally:
        if not await _set(scene, operation, session, attack.request, name, usual):
            scene.raised.add(session)


def _spares(scene: Scene, is_meant: Callable[[Session], bool]) -> list[Session]:
    return [one for one in scene.spares if one not in scene.closed and is_meant(one)][:1]


def _other_roles(scene: Scene, value: Json | NotJson) -> list[str]:
    """Return the roles of staff that the description names, where the property takes such words."""
    return sorted(scene.staff_roles - {value})[:MAX_ROLES] if isinstance(value, str) else []


def _answer(exchange: Exchange | None) -> bytes:
    return exchange.response.body if exchange is not None and exchange.response is not None else b""


async def _set(scene: Scene, operation: Operation, session: Session, request: Request, name: str, value: Json) -> bool:
    """Send the request of the finding as that account, with this value and nothing else that gives rights."""
    credential = await session.current(scene.accounts.area_of(operation).schemes)
    body = parse_json(request.body)
    if isinstance(body, NotJson):
        return False
    text = json.dumps(_with_only(body, name, value)).encode()
    sent = Request(request.method, request.url, request.headers, text)
    return judging.is_accepted(await scene.send(with_credential(sent, credential)))


def _with_only(body: Json, name: str, value: Json) -> Json:
    if isinstance(body, list):
        return [_with_only(one, name, value) for one in body]
    if not isinstance(body, dict):
        return body
    kept = {key: one for key, one in body.items() if key == name or not granting.grants_rights(key)}
    return {key: value if key == name else _with_only(one, name, value) for key, one in kept.items()}


def _staff_pages(scene: Scene) -> Iterator[Operation]:
    """Yield operations for staff that only read, a few."""
    reading = (one for one in scene.operations if one.method == "GET" and scene.is_for_staff(one))
    safe = (one for one in reading if "{" not in one.path and not dangers.danger(one))
    return (one for _, one in zip(range(MAX_TRIED), safe, strict=False))


def _value_of(text: bytes, name: str) -> Json | NotJson:
    """Return the first value of that name in JSON."""
    body = parse_json(text)
    found = () if isinstance(body, NotJson) else walk(body)
    return next((value for pointer, value in found if pointer and pointer[-1] == name), NotJson.NOT_JSON)


def _slots(text: bytes, name: str) -> list[Slot]:
    body = parse_json(text)
    found = () if isinstance(body, NotJson) else walk(body)
    return [Slot(BODY, pointer) for pointer, _ in found if pointer and pointer[-1] == name]
