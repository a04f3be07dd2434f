"""What every answer of the page says to the browser: load nothing from elsewhere, run nothing, keep nothing."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apiward.web.visiting import ARRIVAL

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not no-referrer: with it, browsers send forms with the origin "null", and we could not tell our own from others.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"server", b"-"),
)
TLS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
"""Where the page was reached over TLS: browsers then never try it without."""
NO_STORE: Final = (b"cache-control", b"no-store")


class Headers:
    """Adds the headers to all that `app` answers. An answer that says how long it may be kept keeps saying so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                names = {name.lower() for name, _ in own}
                arrival = scope.get(ARRIVAL)
                tls = (TLS_ONLY,) if arrival is not None and arrival.is_secure and not arrival.is_near else ()
                fresh = [(name, value) for name, value in (*HEADERS, NO_STORE, *tls) if name not in names]
                message = {**message, "headers": [*own, *fresh]}
            await send(message)

        await self._app(scope, receive, sent)
