"""Drives the demo business in this process, with a clock that stands still until told."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.testclient import TestClient

from apiward.demo.app import create_app
from apiward.demo.people import CLIENT, OTHER_CLIENT, Seeded
from apiward.net.asgi import App

VISITOR = ("203.0.113.7", 50_000)
"""From where the visitor calls: no proxy of ours."""
Around: TypeAlias = Callable[[Starlette, Path, Callable[[], float]], App]
"""Puts something before the demo, such as the guard, in a folder and by a clock."""


def directly(app: Starlette, folder: Path, clock: Callable[[], float]) -> App:
    """Put nothing before it."""
    return app


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: status, headers, text, and the JSON value (None where there is none)."""

    status: int
    headers: dict[str, str]
    text: str
    json: Any

    @property
    def is_of_guard(self) -> bool:
        """Whether the guard refused the request, so that the business never saw it."""
        return isinstance(self.json, dict) and str(self.json.get("type")).startswith("urn:apiward:")

    def is_refused(self, status: int) -> bool:
        """Whether a request that is wrong was refused: by the business with this status, or by the guard before it."""
        return 400 <= self.status < 500 if self.is_of_guard else self.status == status


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether the weakness showed, and the status of the request that tried."""

    is_weak: bool
    status: int


def sent(body: object) -> bytes:
    """Return a JSON body as the visitor's client sends it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


class Visitor:
    """One demo business with one visitor."""

    def __init__(self, weaknesses: Collection[str], folder: Path, around: Around = directly) -> None:
        self.now = 1_800_000_000.0
        self.app = create_app(weaknesses, data_dir=folder, clock=lambda: self.now)
        self._http = TestClient(
            around(self.app, folder, lambda: self.now), client=VISITOR, raise_server_exceptions=False
        )

    @property
    def exercised(self) -> set[str]:
        found: set[str] = self.app.state.exercised
        return found

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str = "",
        form: dict[str, str] | None = None,
        xml: str = "",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        sent = dict(headers or {}) | ({"Authorization": token} if token else {})
        content = xml.encode() or None
        sent |= {"Content-Type": "application/xml"} if xml else {}
        got = self._http.request(
            method, path, json=body, data=form, content=content, headers=sent, follow_redirects=False
        )
        is_json = bool(got.content) and "json" in got.headers.get("content-type", "")
        return Reply(got.status_code, dict(got.headers), got.text, got.json() if is_json else None)

    def upload(self, path: str, field: str, kind: str, content: bytes, *, token: str) -> Reply:
        """Send a file in a form."""
        got = self._http.put(path, files={field: ("a", content, kind)}, headers={"Authorization": token})
        return Reply(got.status_code, dict(got.headers), got.text, got.json() if got.content else None)

    def send(self, method: str, path: str, body: bytes, *, token: str, encoding: str = "") -> Reply:
        """Send a JSON body as it is, or packed."""
        headers = {"Authorization": token, "Content-Type": "application/json", "Content-Encoding": encoding}
        got = self._http.request(method, path, content=body, headers={k: v for k, v in headers.items() if v})
        return Reply(got.status_code, dict(got.headers), got.text, got.json() if got.content else None)

    def log_in(self, person: Seeded = CLIENT, password: str = "") -> str:
        """Return the Authorization header of a client, empty where the log-in failed."""
        form = {"username": person.email, "password": password or person.password, "grant_type": "password"}
        got = self.call("POST", "/api/v2/token", form=form)
        return f"Bearer {got.json['access_token']}" if got.status == 200 else ""

    def shop_log_in(self, person: Seeded = CLIENT) -> str:
        """Return the Authorization header of a customer."""
        got = self.call("POST", "/shop/login", {"email": person.email, "password": person.password})
        return f"Token {got.json['session']['token']}"

    def me(self, token: str) -> dict[str, Any]:
        """Return what the API says of the holder of `token`."""
        found: dict[str, Any] = self.call("GET", "/api/v2/me", token=token).json["client"]
        return found

    def both(self) -> tuple[str, str]:
        """Return the headers of two clients: the rightful one and another."""
        return self.log_in(CLIENT), self.log_in(OTHER_CLIENT)

    def close(self) -> None:
        self._http.close()
        self.app.state.desk.storage.close()
