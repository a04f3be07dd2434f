"""A written-down request, spoken to the guard as a server would (ASGI 3.0), and what the guard sends back."""

from apiward.app.guarding.cases import Case
from apiward.net.messages import Message, Receive, Send


class UnansweredError(Exception):
    """The request got through to where the API would be."""


class WrittenExchange:
    """One request as a server hands it on (ASGI 3.0), and what the guard sends back."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._body = [case.body]
        self.status = 0

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
        """Give the body, once; then the caller leaves."""
        if self._body:
            return {"type": "http.request", "body": self._body.pop(), "more_body": False}
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take what the caller gets: of it only the status is kept."""
        self.status = message.get("status", self.status)

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002 - an ASGI app
        """Answer as it was written down. Raises UnansweredError where nothing was."""
        written = self._case.answer
        if written is None or scope["type"] != "http":
            raise UnansweredError
        await send({"type": "http.response.start", "status": written.status, "headers": list(written.headers)})
        await send({"type": "http.response.body", "body": written.body})
