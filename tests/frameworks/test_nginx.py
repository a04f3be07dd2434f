"""A real nginx asks the guard, started as `apiward guard --verify`, about every request (auth_request)."""

import http.server
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from tests.frameworks.tokens import SECRET, token

NGINX: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

DOCUMENT: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 100}}],
                "responses": {"200": {"description": "all"}},
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"type": "object", "properties": {}}}},
                },
                "responses": {"201": {"description": "made"}},
            },
        },
        "/me": {"get": {"security": [{"bearer": []}], "responses": {"200": {"description": "who"}}}},
        "/staff": {"get": {"security": [{"bearer": []}], "responses": {"200": {"description": "for staff"}}}},
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
}
SETTINGS: Final = """
[guard]
listen = "127.0.0.1:{guard}"
description = "openapi.json"
[[guard.issuers]]
issuer = "https://id.test"
secret_file = "secret"
[[guard.permit.rules]]
name = "staff alone"
effect = "forbid"
operations = ["GET /staff"]
unless_roles = ["staff"]
"""
CONFIG: Final = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{nginx};
        location / {{
            auth_request /_apiward;
            auth_request_set $apiward_user $upstream_http_x_apiward_user;
            auth_request_set $apiward_roles $upstream_http_x_apiward_roles;
            auth_request_set $apiward_principal $upstream_http_x_apiward_principal;
            auth_request_set $apiward_status $upstream_http_x_apiward_status;
            add_header X-Status $apiward_status always;
            proxy_set_header X-Apiward-User $apiward_user;
            proxy_set_header X-Apiward-Roles $apiward_roles;
            proxy_set_header X-Apiward-Principal $apiward_principal;
            proxy_pass http://127.0.0.1:{upstream};
        }}
        location = /_apiward {{
            internal;
            proxy_pass http://127.0.0.1:{guard}/verify;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header Host $http_host;
            proxy_set_header X-Original-Method $request_method;
            proxy_set_header X-Original-URI $request_uri;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""


class Upstream(http.server.BaseHTTPRequestHandler):
    """The API: tells what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        told = {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}}
        text = json.dumps({**told, "body": body.decode()}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that the server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where nginx and the guard listen."""

    nginx: int
    guard: int

    def ask(self, line: str, *headers: str, body: bytes = b"", port: int = 0) -> tuple[int, dict[str, str], str]:
        """Send a request as it is written, and return status, headers and body."""
        lines = [f"{line} HTTP/1.1", "Host: shop.test", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        with socket.create_connection(("127.0.0.1", port or self.nginx), timeout=10) as connection:
            connection.sendall("\r\n".join((*lines, "", "")).encode("latin-1") + body)
            raw = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, text = raw.decode("latin-1").partition("\r\n\r\n")
        first, *rest = head.split("\r\n")
        fields = dict(one.lower().split(": ", 1) for one in rest)
        return int(first.split()[1]), fields, text

    def seen(self, line: str, *headers: str, body: bytes = b"") -> dict[str, Any]:
        """Send a request that must pass, and return what the API saw."""
        status, _, text = self.ask(line, *headers, body=body)
        assert status == 200, (status, text)
        told: dict[str, Any] = json.loads(text)
        return told


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=api.serve_forever)
    thread.start()
    ports = {"nginx": _free_port(), "guard": _free_port(), "upstream": api.server_address[1], "folder": folder}
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT))
    (folder / "secret").write_text(SECRET)
    (folder / "apiward.toml").write_text(SETTINGS.format(**ports))
    (folder / "nginx.conf").write_text(CONFIG.format(**ports))
    settings = str(folder / "apiward.toml")
    guard = subprocess.Popen([sys.executable, "-m", "apiward", "guard", "--verify", "--config", settings])
    nginx = subprocess.Popen([str(NGINX), "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"])
    try:
        site = Site(int(str(ports["nginx"])), int(str(ports["guard"])))
        _await_port(site.nginx, nginx)
        _await_port(site.guard, guard)
        yield site
    finally:
        for process in (nginx, guard):
            process.terminate()
            process.wait(20)
        api.shutdown()
        thread.join()
        api.server_close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends_s = time.monotonic() + 90
    while time.monotonic() < ends_s:
        assert process.poll() is None, "it has ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)  # until somebody listens
        else:
            return
    raise AssertionError("nobody listens")


def _bearer(user: str = "ada", *roles: str) -> str:
    return f"Authorization: Bearer {token(user, roles, now_s=time.time())}"


def test_what_is_described_passes_as_it_came(site: Site) -> None:
    told = site.seen("GET /orders?q=green%20tea")
    assert told["path"] == "/orders?q=green%20tea"
    assert told["headers"]["x-apiward-principal"].startswith("anonymous")
    assert "x-apiward-user" not in told["headers"]


def test_a_body_goes_past_to_the_api(site: Site) -> None:
    assert site.seen("POST /orders", "Content-Type: application/json", body=b'{"a":1}')["body"] == '{"a":1}'


def test_the_right_user_passes_and_the_api_is_told_who_it_is(site: Site) -> None:
    told = site.seen("GET /staff", _bearer("ada", "staff", "buyer"))["headers"]
    assert (told["x-apiward-user"], told["x-apiward-roles"]) == ("ada", "buyer,staff")
    assert told["x-apiward-principal"] == "user:https://id.test|ada"


@pytest.mark.parametrize(
    ("line", "header", "status", "real"),
    [
        ("GET /me", "Accept: */*", 401, "401"),
        ("GET /me", "Authorization: Bearer x.y.z", 401, "401"),
        ("GET /staff", _bearer("bob", "buyer"), 403, "403"),
        ("GET /hidden", "Accept: */*", 403, "404"),
        ("DELETE /orders", "Accept: */*", 403, "405"),
        ("GET /orders?q=1%27%20OR%20%271%27=%271", "Accept: */*", 403, "400"),
        ("POST /orders", "Accept: */*", 403, "400"),
    ],
)
def test_others_are_refused_with_what_nginx_knows(site: Site, line: str, header: str, status: int, real: str) -> None:
    got, headers, _ = site.ask(line, header)
    assert (got, headers["x-status"]) == (status, real)


@pytest.mark.parametrize(
    "header",
    [
        "X-Original-URI: /orders",
        "X-Original-Method: GET",
        "X_Original_URI: /orders",
        "X-Forwarded-Uri: /orders",
        "X-Forwarded-Method: GET",
        "X-Original-URL: /orders",
        "X-Rewrite-URL: /orders",
        "X-Apiward-User: ada",
        "X-Apiward-Roles: staff",
        "X-Apiward-Principal: user:https://id.test|ada",
        "X_Apiward_User: ada",
        "Remote-User: ada",
        "X-Forwarded-For: 127.0.0.1",
        "X-HTTP-Method-Override: GET",
    ],
)
def test_no_header_of_a_caller_opens_a_door(site: Site, header: str) -> None:
    assert site.ask("GET /staff", header)[0] in {401, 403}
    assert site.ask("GET /staff", header, _bearer("bob", "buyer"))[0] == 403
    assert site.ask("GET /hidden", header)[0] == 403


@pytest.mark.parametrize("name", ["X-Apiward-User", "X_Apiward_User", "X-Apiward-Roles", "X-Apiward-Principal"])
def test_who_calls_is_never_what_the_caller_says(site: Site, name: str) -> None:
    status, _, text = site.ask("GET /orders", f"{name}: root")
    assert status == 403 or "root" not in text


@pytest.mark.parametrize(
    "target",
    [
        "/orders/../staff",
        "/orders/..%2fstaff",
        "/orders/%2e%2e/staff",
        "//staff",
        "/staff/",
        "/staff%2f",
        "/%73taff",
        "/./staff",
        "/orders;/../staff",
        "/staff;a=b",
        "/staff#/orders",
        "/staff%23/orders",
        "/orders%00",
        "/staff%20",
        "/STAFF",
        "/orders\\..\\staff",
        "/staff\u00e9",
        "http://shop.test/staff",
        "http://shop.test/orders/../staff",
        "http://x.test/orders@shop.test/staff",
    ],
)
def test_no_way_of_writing_a_path_leads_past_the_rule(site: Site, target: str) -> None:
    assert site.ask(f"GET {target}")[0] in {400, 401, 403, 404}
    assert site.ask(f"GET {target}", _bearer("bob", "buyer"))[0] in {400, 403, 404}


def test_what_was_judged_is_what_the_api_sees_of_an_absolute_address(site: Site) -> None:
    assert site.seen("GET http://shop.test/orders?q=a")["path"] == "/orders?q=a"


def test_a_caller_of_the_guard_itself_is_told_nothing(site: Site) -> None:
    """Loopback is trusted, so a test can ask; but without a whole pair of headers there is no answer."""
    assert site.ask("GET /verify", port=site.guard)[0] == 403
    assert site.ask("GET /orders", port=site.guard)[0] == 404
