"""A written-down request, spoken to the guard as a server would (ASGI 3.0), and what the guard sends back."""

import json
from typing import Final

from apiward.app.guarding.cases import Case
from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.net.middleware import Message, Receive, Send

_URN: Final = "urn:apiward:"


class UnansweredError(Exception):
    """The request got through to where the API would be."""


class WrittenExchange:
    """One request as a server hands it on (ASGI 3.0), and what the guard sends back."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._body = [case.body]
        self.status = 0
        self._sent: list[bytes] = []

    def scope(self, client: str) -> Message:
        """Return the request's head."""
        case = self._case
        path, _, query = case.target.encode("utf-8").partition(b"?")
        return {
            "type": "websocket" if case.scheme in {"ws", "wss"} else "http",
            "method": case.method,
            "raw_path": path,
            "path": path.decode("latin-1"),
            "query_string": query,
            "headers": list(case.headers),
            "client": (case.client or client, 0),
            "scheme": case.scheme,
            "http_version": case.http_version,
            "extensions": {"websocket.http.response": {}},
        }

    async def receive(self) -> Message:
        """Give the body, once."""
        if self._body:
            return {"type": "http.request", "body": self._body.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take what the caller gets."""
        if "status" in message:
            self.status = message["status"]
        else:
            self._sent.append(message.get("body", b""))

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002 - an ASGI app
        """Answer as it was written down. Raises UnansweredError where nothing was."""
        written = self._case.answer
        if written is None or scope["type"] != "http":
            raise UnansweredError
        await send({"type": "http.response.start", "status": written.status, "headers": list(written.headers)})
        await send({"type": "http.response.body", "body": written.body})

    def refused_beside(self, event: Event) -> tuple[Ruling, ...]:
        """Return the refusal that the guard's adapter made by itself, which no stage knows of (a body too large)."""
        if event.outcome != "refused" or any(ends(ruling) for ruling in event.rulings):
            return ()
        told = json.loads(b"".join(self._sent) or b"{}")
        rule = str(told.get("type", "")).removeprefix(_URN)
        return (Ruling(Decision(rule, place=str(told.get("field", ""))), is_applied=True),)


def ends(ruling: Ruling) -> bool:
    """Return whether a ruling ended its request: it was refused, or answered in the place of the API."""
    decision = ruling.decision
    is_whole = decision.edit is not None and decision.edit.status is not None
    return ruling.is_applied and (decision.effect is Effect.DENY or is_whole)
