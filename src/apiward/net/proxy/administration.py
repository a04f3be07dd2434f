"""The app behind the admin port: is the guard alive, may traffic come, and its figures."""

from pathlib import Path
from typing import Final

from apiward.net.proxy.exposition import exposition
from apiward.net.proxy.messages import Receive, Scope, Send
from apiward.net.proxy.tallies import Meter, totals

READY: Final = Meter("apiward_workers_ready", "Workers that take requests.", is_gauge=True)
"""Each worker sets this to 1 when it takes requests and to 0 when it stops."""


class AdminApp:
    """Answers `/-/health` (200), `/-/ready` (200 or 503) and `/-/metrics`, from the tallies in `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] != "http":
            raise NotImplementedError("only http is served here")
        status, kind, text = self._answer(scope["method"], scope["path"])
        fields = [(b"content-type", kind), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": fields})
        await send({"type": "http.response.body", "body": text.encode()})

    def _answer(self, method: str, path: str) -> tuple[int, bytes, str]:
        plain = b"text/plain; charset=utf-8"
        if method not in {"GET", "HEAD"}:
            return 405, plain, "only GET\n"
        if path == "/-/health":
            return 200, plain, "alive\n"
        if path == "/-/ready":
            is_ready = totals(self._directory).get(READY, 0.0) > 0
            return (200, plain, "ready\n") if is_ready else (503, plain, "not ready\n")
        if path == "/-/metrics":
            return 200, b"text/plain; version=0.0.4; charset=utf-8", exposition(totals(self._directory))
        return 404, plain, "nothing here\n"
