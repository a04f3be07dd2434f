"""Bodies of any size and form, sent as they are to one operation that refuses them: how an API reads what it is sent.

No body here holds what the operation asks for, so that nothing is done with it; where it asks for nothing, what was
made is removed like all that the scan makes. What is compared is how a body that is no JSON at its very end is refused,
and one that is: who tells them apart has read it to the end.
"""

import gzip
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Headers, Request
from apiward.scan.calling.arguments import Arguments, build_request
from apiward.scan.calling.showing import with_credential
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

FIELD: Final = "apiward_padding"
_NOT_READ: Final = (401, 403, 404, 405, 415)


@dataclass(frozen=True, slots=True)
class Pair:
    """What came back for a body that is whole, and for the same body without its end."""

    whole: Exchange
    broken: Exchange

    @property
    def is_doubtful(self) -> bool:
        """Whether one of the bodies got no clear answer."""
        return self.whole.is_doubtful or self.broken.is_doubtful

    @property
    def tells_apart(self) -> bool:
        """Whether both were refused, and not in the same way."""
        both = (self.whole, self.broken)
        if any(not judging.is_refused(one) or one.status in _NOT_READ for one in both):
            return False
        return _answer(self.whole) != _answer(self.broken)

    def is_like(self, other: "Pair") -> bool:
        """Whether both bodies were answered as those of the other pair."""
        return _answer(self.whole) == _answer(other.whole) and _answer(self.broken) == _answer(other.broken)


# Asked once for each operation and check: without the memo, the time would grow with the square of their number.
@lru_cache(maxsize=2)
def chosen(scene: Scene) -> Operation | None:
    """Return the operation that stands for how the API reads bodies: one that makes something of the caller's."""
    for operation in scene.operations:
        body = operation.preferred_body()
        if body is None or not body.media_type.endswith("json") or operation.path.count("{"):
            continue
        if objects.makes(operation) and not accounts.is_account_operation(operation):
            return operation
    return None


async def pair(scene: Scene, operation: Operation, size: int, *, is_packed: bool = False) -> Pair:
    """Send a body of that size, whole and without its end; `is_packed`: compressed with gzip."""
    text = b'{"%s": "%s"}' % (FIELD.encode(), b"x" * size)
    whole = await raw(scene, operation, text, is_packed=is_packed)
    return Pair(whole, await raw(scene, operation, text[:-2], is_packed=is_packed))


async def raw(scene: Scene, operation: Operation, body: bytes, *, is_packed: bool = False) -> Exchange:
    """Send bytes as the body of a call by the owner, or by nobody where there is none."""
    request = build_request(operation, Arguments(), scene.caller.origin)
    if scene.owner is not None:
        request = with_credential(request, await scene.owner.current(scene.accounts.area_of(operation).schemes))
    more: Headers = (("Content-Type", "application/json"),)
    if is_packed:
        body, more = gzip.compress(body, 6), (*more, ("Content-Encoding", "gzip"))
    exchange = await scene.send(replace(request, headers=(*request.headers, *more), body=body))
    if scene.owner is not None and judging.is_accepted(exchange):
        await scene.adopt(objects.made(operation, scene.owner.name, Arguments(), exchange), scene.owner)
    return kept_short(exchange)


def kept_short(exchange: Exchange) -> Exchange:
    """Return the exchange with the beginning of its request alone: a body of megabytes is no evidence to read."""
    request = exchange.request
    if len(request.body) <= 200:
        return exchange
    said = f" … {len(request.body)} bytes in all".encode()
    return replace(exchange, request=Request(request.method, request.url, request.headers, request.body[:120] + said))


def _answer(exchange: Exchange) -> tuple[int, str]:
    return exchange.status, _first_words(judging.steady_text(exchange))


def _first_words(text: str) -> str:
    """Return what kind of refusal it is: places in a text ("char 3000042") differ, and so may a repeated value."""
    return "".join(sign for sign in text[:120] if not sign.isdigit())
