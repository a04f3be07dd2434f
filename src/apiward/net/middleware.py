"""The guard around an ASGI app: the app behind it may be an API of this process, or the way to another server."""

import asyncio
import ssl
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from apiward.core.call import BodyKind, Call
from apiward.core.decision import Decision
from apiward.core.ports import Clock, Gate
from apiward.net.deadlines import Deadlines
from apiward.net.guarded_answers import AnswerSender, Opening, as_denial, name_server, refuse_websocket
from apiward.net.guarded_bodies import BROKEN, TOO_SLOW, ClientGoneError, Patient, Replay
from apiward.net.messages import FAILURE, App, Message, Receive, Send

IDENTITY: Final = "apiward.identity"
"""Set in the scope: asks the app for an answer without content coding, so that it can be read."""
INCIDENT: Final = "apiward.incident"
"""Set in the scope: the id that the proxy names where it must answer by itself."""
BODY: Final = "apiward.body"
"""Set in the scope: the whole body, where it has been read, so that the proxy need not read it piece by piece."""
BLOCK: Final = "apiward.block"
"""Set in the scope: `headers` as a `core.call.HeaderBlock`, where the same ones came before."""
PRINCIPAL: Final = "apiward.principal"
"""Set in the scope: who calls, as a `core.principal.Principal`, for apps of this process."""

CERTIFICATE: Final = "apiward.certificate"
"""Set in the scope by the server in front: the client certificate in DER form, where one was shown and checked."""

_STREAMED: Final = frozenset({BodyKind.BINARY, BodyKind.MULTIPART})
_QUESTION_MARK: Final = ord("?")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the adapter itself keeps to: sizes in bytes, times in seconds.

    `name` stands in `Server` where an answer has none; empty leaves that to the HTTP server.
    """

    max_answer: int = 1_048_576
    body_timeout_s: float = 30.0
    name: bytes = b""


class GuardMiddleware:
    """An ASGI 3 app that lets through to `app` what the gate lets pass."""

    def __init__(self, app: App, gate: Gate, *, clock: Clock = time.time, bounds: Bounds = Bounds()) -> None:
        self._app = app
        self._gate = gate
        self._clock = clock
        self._bounds = bounds
        self._deadlines = Deadlines(bounds.body_timeout_s)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Guard one request, one WebSocket, or pass the start and the end of the app's life on."""
        kind = scope["type"]
        if kind != "http":
            await (self._websocket if kind == "websocket" else self._app)(scope, receive, send)
            return
        gate = self._gate
        call = _call(scope, scope["method"], self._clock())
        sender = AnswerSender(gate, call, send, self._bounds.max_answer, self._bounds.name)
        outcome = "failed"
        try:
            refusal = await gate.judge_head(call, may_end=True)
            if refusal is None and not call.is_judged:
                if call.may_have_body():
                    refusal, receive = await self._with_body(call, receive)
                else:
                    refusal = await gate.judge_body(call)
            if refusal is None:
                onward = sender.scope = _onward(scope, call)
                await self._app(onward, receive, sender)
                if sender.is_finished:
                    return
                outcome = "failed" if FAILURE in onward else sender.outcome
                if not sender.status and isinstance(receive, Patient | Replay) and receive.why:
                    sender.scope = {}  # what failed is the client's body, and not the API
                    await sender.refuse(receive.why)
            else:
                await sender.refuse(refusal)
        except ClientGoneError:
            await sender.refuse(BROKEN)
        except asyncio.CancelledError:
            outcome = "gone"
            raise
        finally:
            if not sender.is_finished:
                sender.finish(outcome if sender.outcome == "passed" else sender.outcome)

    async def _with_body(self, call: Call, receive: Receive) -> tuple[Decision | None, Receive]:
        """Read what must be judged; the refusal, and where the app reads the body from now on."""
        gate = self._gate
        if call.body_kind in _STREAMED and not gate.wants_body(call):
            call.is_body_whole = False
            return await gate.judge_body(call), self._patient(call, receive)
        pieces, is_whole, size = [], False, 0
        try:
            with self._deadlines.one(asyncio.get_running_loop()):
                while size <= gate.max_body and not is_whole:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGoneError("the client left before its request was complete")
                    piece: bytes = message.get("body", b"")
                    size += len(piece)
                    # A server may tell the end of the body in a message of its own: no need to wait for that one.
                    is_whole = not message.get("more_body", False) or size == _length(call)
                    pieces.append(piece)
        except TimeoutError:
            return TOO_SLOW, receive
        call.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        call.is_body_whole = is_whole
        too_large = size > gate.max_body and call.body_kind not in _STREAMED
        refusal = (gate.judge_size(call) if too_large else None) or await gate.judge_body(call)
        rest = receive if is_whole else self._patient(call, receive)
        return refusal, Replay(call.body, rest, is_whole=is_whole)

    def _patient(self, call: Call, receive: Receive) -> Patient:
        """Return what gives the app the rest of a body piece by piece, each of which is judged first."""

        def judge(piece: bytes, is_last: bool) -> Awaitable[Decision | None]:  # noqa: FBT001 - a `guarded_bodies.Judge`
            return self._gate.judge_more(call, piece, is_last=is_last)

        return Patient(receive, self._bounds.body_timeout_s, judge)

    async def _websocket(self, scope: Message, receive: Receive, send: Send) -> None:
        gate = self._gate
        call = _call(scope, "GET", self._clock())
        status, outcome = 403, "failed"
        try:
            refusal = await gate.judge_head(call) or await gate.judge_body(call)
            if refusal is None:
                bounds = self._bounds
                denial = as_denial(send)
                sender = AnswerSender(gate, call, denial, bounds.max_answer, bounds.name, finishes=False)
                opening = Opening(sender, send)
                status, outcome = 101, "passed"
                onward = _onward(scope, call)
                await self._app(onward, receive, opening)
                status, outcome = opening.status, "failed" if FAILURE in onward else opening.outcome
            else:
                outcome = "refused"
                await receive()  # websocket.connect
                answer = gate.refusal(call, refusal)
                if self._bounds.name:
                    name_server(answer.headers, self._bounds.name)
                status = await refuse_websocket(scope, send, answer)
        except asyncio.CancelledError:
            outcome = "gone"
            raise
        finally:
            gate.finish(call, status=status, outcome=outcome, answer_size=0)


def _call(scope: Message, method: str, started_s: float) -> Call:
    client, certificate = scope.get("client"), scope.get(CERTIFICATE)
    if certificate is None:
        extensions = scope.get("extensions")
        if extensions and "tls" in extensions:
            certificate = _shown(extensions["tls"])
    target = scope.get("raw_path")
    if not target:  # optional in ASGI: some servers and test clients leave it out
        target = quote(scope["path"], safe="/:@!$&'()*+,;=-._~").encode("ascii")
    elif _QUESTION_MARK in target:
        target = target.partition(b"?")[0]
    return Call(  # in the order of its fields: names would cost half a microsecond on the way of every request
        method,
        target,
        scope.get("query_string", b""),
        list(scope["headers"]),
        client[0] if client else "",
        scope.get("scheme", "http"),
        scope.get("http_version", "1.1"),
        started_s,
        certificate,
    )


def _shown(told: Message) -> bytes | None:
    """Return the client certificate that a server tells (ASGI "TLS Extension"), where it was checked."""
    chain = told.get("client_cert_chain")
    if not chain or told.get("client_cert_error"):
        return None
    try:
        return ssl.PEM_cert_to_DER_cert(chain[0])
    except (ValueError, TypeError):
        return b""


def _length(call: Call) -> int | None:
    """Return the length of the body as told; framing that says two things at once was refused before."""
    told = call.header.get(b"content-length", b"")
    return int(told) if told.isdigit() and b"transfer-encoding" not in call.header else None


def _onward(scope: Message, call: Call) -> Message:
    """Return the scope that the app sees: with the true client, and the headers as edited."""
    onward = {
        **scope,
        "headers": call.headers,
        IDENTITY: True,
        INCIDENT: call.incident,
        PRINCIPAL: call.principal,
    }
    block = call.block
    if block is not None and block is call.headers:
        onward["headers"] = list(block)  # an app may change its own
        onward[BLOCK] = block
    if call.is_body_whole:
        onward[BODY] = call.body
    if call.client != call.peer and call.client:
        onward["client"] = (call.client, 0)
    return onward
