"""A small real server whose callers must show themselves in one of the ways that systems ask for."""

import base64
import hashlib
import hmac
import json
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

SIGNING_KEY = b"signing-key-of-the-shop"
PASSWORDS = {"annika": "pw-annika-77", "benedikt": "pw-benedikt-77"}
CLIENTS = {"shop-till": "till-s3cret", "shop-desk": "desk-s3cret"}


@dataclass
class Gate:
    """What the server asks for: digest, signed, openid or certificate; and what it has seen."""

    way: str
    security: Mapping[str, object]
    address: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def described(self) -> dict[str, object]:
        """Return the description of the server, in OpenAPI 3.0."""
        answers = {"responses": {"200": {"description": "ok"}}}
        guarded = {"get": {**answers, "security": [{"way": []}]}}
        return {
            "openapi": "3.0.3",
            "info": {"title": "gate", "version": "1"},
            "components": {"securitySchemes": {"way": self.security}},
            "paths": {"/me": guarded, "/orders": guarded},
        }

    def token(self, fields: Mapping[str, str], basic: str) -> dict[str, object] | None:
        """Return what the token endpoint answers; None where it refuses."""
        name = fields.get("username", "")
        client, _, secret = basic.partition(":")
        is_known = CLIENTS.get(client) == secret
        if fields.get("grant_type") == "password" and PASSWORDS.get(name, "") != fields.get("password"):
            return None
        if fields.get("grant_type") == "client_credentials":
            name = client if is_known else ""
        if not name:
            return None
        token = f"tok-{len(self.tokens)}-{name}-0123456789"
        self.tokens[token] = name
        return {"access_token": token, "token_type": "Bearer", "expires_in": 600}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    gate: Gate

    def do_GET(self) -> None:
        """Answer the description, the provider's document, and what is guarded."""
        self.gate.asked.append(f"GET {self.path}")
        if self.path == "/openapi.json":
            self._say(200, self.gate.described())
        elif self.path == "/.well-known/openid-configuration":
            self._say(200, {"token_endpoint": f"{self.gate.address}/connect/token"})
        elif self.path in ("/me", "/orders"):
            caller = getattr(self, f"_by_{self.gate.way}")()
            self._say(200, {"username": caller}) if caller else self._say(401, {"error": "please log in"})
        else:
            self._say(404, {"error": "nothing here"})

    def do_POST(self) -> None:
        """Give tokens out."""
        self.gate.asked.append(f"POST {self.path}")
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        basic = base64.b64decode(self.headers.get("authorization", "").removeprefix("Basic ")).decode()
        answer = self.gate.token(fields, basic) if self.path == "/connect/token" else None
        self._say(200, answer) if answer else self._say(400, {"error": "invalid_grant"})

    def _by_openid(self) -> str:
        return self.gate.tokens.get(self.headers.get("authorization", "").removeprefix("Bearer "), "")

    def _by_signed(self) -> str:
        name, _, signature = self.headers.get("x-signed", "").partition(":")
        text = f"{self.command}\n{self.path}\n{hashlib.sha256(b'').hexdigest()}\n{self.headers['host']}\n"
        right = hmac.new(SIGNING_KEY + name.encode(), text.encode(), "sha256").hexdigest()
        return name if name and hmac.compare_digest(right, signature) else ""

    def _by_digest(self) -> str:
        parts = dict(re.findall(r'(\w+)="?([^",]*)"?', self.headers.get("authorization", "")))
        name = parts.get("username", "")
        if name not in PASSWORDS or parts.get("nonce") != "gate-1":
            return ""
        secret, action = (
            hashlib.sha256(one.encode()).hexdigest()
            for one in (f"{name}:gate:{PASSWORDS[name]}", f"{self.command}:{self.path}")
        )
        whole = f"{secret}:gate-1:{parts['nc']}:{parts['cnonce']}:auth:{action}"
        return name if hashlib.sha256(whole.encode()).hexdigest() == parts["response"] else ""

    def _by_certificate(self) -> str:
        shown = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        subject = (shown or {}).get("subject", ())
        return next((str(pair[1]) for part in subject for pair in part if pair[0] == "commonName"), "")

    def _say(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status == 401 and self.gate.way == "digest":
            self.send_header("WWW-Authenticate", 'Digest realm="gate", qop="auth", algorithm=SHA-256, nonce="gate-1"')
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        """Say nothing."""


@contextmanager
def running_gate(way: str, security: Mapping[str, object], tls: ssl.SSLContext | None = None) -> Iterator[Gate]:
    """Run a gate on this machine, with TLS where a context is given."""
    gate = Gate(way, security)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"gate": gate}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    gate.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield gate
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
