"""Ways around a refusal: an operation that refuses a normal account is asked for in another way (FUN03 to FUN07).

Everything here starts from a refusal that was seen, and ends with one: the plain request must still be
refused after the other way was served.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Headers, Request
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Saying
from apiward.scan.calling.arguments import build_request
from apiward.scan.calling.showing import with_credential
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.proofs.staffing import has_content, is_much_alike, is_staff_operation
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, roles

MAX_CLOSED: Final = 4
"""Closed operations on which the ways are tried: most of an API sits behind one and the same door."""
NOBODY: Final = "apiward-none-9c41"
_ABOUT_REQUEST: Final = (*judging.ABOUT_FORM, 405, 406)


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to ask: in words, the request, and the same trick where nothing should be."""

    words: str
    attack: Request
    control: Request


@dataclass(frozen=True, slots=True)
class Closed:
    """An operation that refuses `caller`: the plain request, its refusal, and what staff got, if staff was served."""

    operation: Operation
    caller: Session
    plain: Request
    refused: Exchange
    staff: Exchange | None


def is_tried(scene: Scene, operation: Operation) -> bool:
    """Whether the operation is among the first ones for staff that can be read as they are."""
    return operation.key in _chosen(scene)


# Asked once for each operation and check: without the memo, the time would grow with the square of their number.
@lru_cache(maxsize=2)
def _chosen(scene: Scene) -> frozenset[str]:
    possible = [op for op in scene.operations if op.method == "GET" and op.has_address and "{" not in op.path]
    return frozenset([op.key for op in possible if is_staff_operation(scene, op)][:MAX_CLOSED])


async def find_closed(scene: Scene, operation: Operation) -> Closed | str:
    """Ask plainly as a normal account; return the refusal, or in words why there is none to get around."""
    caller = scene.peer or scene.owner
    if caller is None:
        return "needs a normal account"
    plain = await _plain(scene, operation, caller)
    refused = await scene.send(plain)
    if not judging.is_refused(refused) or refused.status in _ABOUT_REQUEST:
        return "a normal account is not clearly refused here, so that there is nothing to get around"
    staff = None
    if scene.privileged:
        boss = scene.privileged[0]
        answer = await scene.call(operation, scene.arguments(operation, boss), boss)
        staff = answer if judging.is_accepted(answer) else None
    if refused.status == 404 and staff is None:
        return "nothing is there for a normal account, and perhaps for nobody"
    return Closed(operation, caller, plain, refused, staff)


async def try_ways(
    scene: Scene, operation: Operation, say: Saying, ways: Callable[[Request], Iterable[Way]]
) -> Verdict:
    """Ask plainly as a normal account, and then in the ways that are made of the plain request."""
    closed = await find_closed(scene, operation)
    if isinstance(closed, str):
        return say.not_run(closed)
    return await get_around(scene, say, closed, ways(closed.plain))


async def get_around(scene: Scene, say: Saying, closed: Closed, ways: Iterable[Way]) -> Verdict:
    """Try the ways one after another; the first that is served as staff is, and only there, is proof."""
    has_doubt = False
    for way in ways:
        attack = await scene.send(way.attack)
        has_doubt = has_doubt or (attack.is_doubtful and attack.status < 500)
        if not _is_served(closed, attack):
            continue
        verdict = await _judge(scene, say, closed, way, attack)
        if verdict is not None:
            return verdict
    if has_doubt:
        return say.unsure("some of the other ways to ask got no clear answer")
    return say.holds("a normal account was refused, in whatever way it asked")


async def _judge(scene: Scene, say: Saying, closed: Closed, way: Way, attack: Exchange) -> Verdict | None:
    """Ask again, with the same trick for what is not there, and plainly: only the first may be served.

    None where the trick gives the same whatever it is about: then it is some other operation's own answer.
    """
    again, elsewhere = await scene.send(way.attack), await scene.send(way.control)
    plain = await scene.send(await _plain(scene, closed.operation, closed.caller))
    if _is_served(closed, elsewhere) and judging.is_alike(elsewhere, attack):
        return None
    if not _is_served(closed, again) or not judging.is_refused(plain) or elsewhere.is_doubtful:
        return say.unsure("another way to ask was served once, and then not clearly again")
    saw = f"A normal account was refused, and was served what staff gets when it asked {way.words}."
    more = (elsewhere, *((closed.staff,) if closed.staff else ()))
    is_sure = closed.staff is not None or _is_as_described(closed.operation, attack)
    confidence = Confidence.PROVED if is_sure else Confidence.LIKELY
    return say.broken(saw, attack, plain, more=more, confidence=confidence)


def methods_at(scene: Scene, operation: Operation) -> frozenset[str]:
    """Return the methods that the description gives the operation's path, also those that the scan leaves alone."""
    return frozenset(op.method for op in scene.api.operations if op.address == operation.address)


def elsewhere_of(request: Request) -> Request:
    """Return the request for a neighbour that does not exist."""
    return moved(request, f"{path_of(request).rpartition('/')[0]}/{NOBODY}")


def path_of(request: Request) -> str:
    """Return the path of a request as it is sent."""
    return urlsplit(request.url).path


def moved(request: Request, path: str) -> Request:
    """Return the request with another path, not one byte of which is changed."""
    parts = urlsplit(request.url)
    query = f"?{parts.query}" if parts.query else ""
    return replace(request, url=f"{parts.scheme}://{parts.netloc}{path}{query}")


def with_headers(request: Request, headers: Headers) -> Request:
    """Return the request with more headers; a cookie joins those that are there."""
    kept = dict(request.headers)
    for name, value in headers:
        old = next((text for key, text in kept.items() if key.lower() == name.lower()), "")
        kept[name] = f"{old}; {value}" if name == "Cookie" and old else value
    return replace(request, headers=tuple(kept.items()))


def staff_step(path: str) -> int:
    """Return which segment of a path says that it is for staff; the last one where none does."""
    steps = path.split("/")
    for at in range(2, len(steps) + 1):
        if roles.is_staff_path("/".join([*steps[:at], "x"])):
            return at - 1
    return len(steps) - 1


async def _plain(scene: Scene, operation: Operation, caller: Session) -> Request:
    credential = await caller.current(scene.accounts.area_of(operation).schemes)
    request = build_request(operation, scene.arguments(operation, caller), scene.caller.origin)
    return with_credential(request, credential)


def _is_served(closed: Closed, exchange: Exchange) -> bool:
    if not judging.is_accepted(exchange) or not has_content(exchange) or judging.is_log_in_page(exchange):
        return False
    if closed.staff is not None:
        return is_much_alike(exchange, closed.staff)
    is_described = any(schema.properties or schema.items for schema in closed.operation.answer_schemas())
    return not is_described or _is_as_described(closed.operation, exchange)


def _is_as_described(operation: Operation, exchange: Exchange) -> bool:
    """Whether an answer has the fields that the description gives the operation's own answer."""
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return False
    shown = {naming.plain(str(step)) for pointer in judging.shape(body) for step in str(pointer).split(".")}
    for schema in operation.answer_schemas():
        wanted = {naming.plain(str(p[-1])) for p, _ in schema.fields() if p and isinstance(p[-1], str)}
        if wanted and len(wanted & shown) >= 0.6 * len(wanted):
            return True
    return False
