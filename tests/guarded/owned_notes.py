"""A tiny API of notes that gives every note to everybody who asks, and callers with tokens."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

SECRET: Final = b"a shared secret of thirty-two characters, or more"


class _Notes(BaseHTTPRequestHandler):
    """Notes by number. Who calls is not asked, but for whose a new note is, and whose notes a list shows."""

    notes: dict[int, dict[str, Any]]

    def do_GET(self) -> None:
        """Show one note, or the caller's."""
        number = self.path.rpartition("/")[2]
        if number == "notes":
            self._answer(200, [one for one in self.notes.values() if one["who"] == self._who()])
        elif number.isdigit() and int(number) in self.notes:
            self._answer(200, self.notes[int(number)])
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        """Make a note."""
        size = int(self.headers.get("Content-Length", 0))
        note = {"id": len(self.notes) + 101, "text": json.loads(self.rfile.read(size))["text"], "who": self._who()}
        self.notes[note["id"]] = note
        self._answer(201, note)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _who(self) -> str:
        token = self.headers.get("Authorization", "").partition(" ")[2].split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))["sub"])

    def _answer(self, status: int, value: object) -> None:
        shown = [{"id": one["id"], "text": one["text"]} for one in value] if isinstance(value, list) else value
        if isinstance(shown, dict):
            shown = {key: one for key, one in shown.items() if key != "who"}
        body = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def notes_served() -> Iterator[str]:
    """Run the API in threads of this process; yield its address."""
    handler = type("Notes", (_Notes,), {"notes": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def bearer(who: str) -> str:
    """Return the header by which somebody calls."""
    claims = {"iss": "https://id.shop.test", "aud": "shop", "sub": who, "exp": int(time.time()) + 600}
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"Authorization: Bearer {signed}.{_b64(hmac.digest(SECRET, signed.encode(), hashlib.sha256))}"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _part(value: object) -> str:
    return _b64(json.dumps(value).encode())
