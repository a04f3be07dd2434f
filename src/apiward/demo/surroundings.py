"""What every answer carries: security headers, who may read it in a browser (CORS), and what is echoed."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apiward.demo.desk import Desk
from apiward.demo.door import let_in

SITE = "https://www.marlow-coaching.example"
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
}
OUTDATED = "PHP/5.6.40"
BANNERS = {"Server": "gunicorn/19.9.0", "X-Powered-By": "Python/3.6.8 Flask/0.12.2"}


class Surroundings:
    """ASGI middleware around the whole demo business."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer TRACE and CORS preflights; add headers to everything else."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        let_in(self._desk, scope)
        asked = Headers(scope=scope)

        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._dress(headers, asked)
                self._cache(headers, scope["path"], message["status"])
                self._loosen(headers, scope["path"])
            await send(message)

        at_once = self._at_once(scope, asked)
        await (at_once or self._app)(scope, receive, send_dressed)

    def _at_once(self, scope: Scope, asked: Headers) -> Response | None:
        if scope["method"] == "TRACE" and self._desk.weak("trace-echo"):
            lines = [f"TRACE {scope['path']} HTTP/1.1", *(f"{key}: {value}" for key, value in asked.items())]
            return PlainTextResponse("\r\n".join(lines), media_type="message/http")
        is_preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in asked
        return Response(status_code=204) if is_preflight else None

    def _dress(self, headers: MutableHeaders, asked: Headers) -> None:
        if not self._desk.weak("security-headers-missing"):
            headers.update(SECURITY_HEADERS)
        if self._desk.weak("technology-disclosure"):
            headers.update(BANNERS)
        if self._desk.weak("outdated-program"):
            headers.append("X-Powered-By", OUTDATED)
        origin = asked.get("origin")
        if origin is not None and self._is_trusted(origin, asked.get("host", "")):
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Credentials"] = "true"
            headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        headers.add_vary_header("Origin")

    def _cache(self, headers: MutableHeaders, path: str, status: int) -> None:
        """Let the list of payments be kept for some minutes, as somebody did who found it slow."""
        is_asked = path == "/api/v2/payments" and status == 200
        if is_asked and self._desk.weak("private-answers-cached"):
            headers["Cache-Control"] = "public, max-age=300"

    def _loosen(self, headers: MutableHeaders, path: str) -> None:
        """Let photos load what they like, as somebody did to whom one did not show."""
        is_photo = path.startswith("/api/v2/photos/") and "content-security-policy" in headers
        if is_photo and self._desk.weak("page-as-photo", noticed=False):
            headers["Content-Security-Policy"] = "frame-ancestors 'none'"

    def _is_trusted(self, origin: str, host: str) -> bool:
        own = (SITE, f"http://{host}", f"https://{host}")
        if origin in own:
            return True
        if origin.startswith(own) and self._desk.weak("cors-lookalike"):
            return True
        return self._desk.weak("cors-reflects")
