"""The whole guard beside nginx, and beside nginx with ModSecurity and the Core Rule Set, one core each, in one run.

Run it as `python -m benchmarks.guard_speed [--seconds N] [--connections N] [--rounds N] [--without STAGE ...]`.
The guard has every stage in enforce, verifies the bearer token of every request, and keeps an event of each in
SQLite. Rounds are interleaved, the median of each is kept. Needs nginx with its ModSecurity module, the Core Rule
Set (Debian: nginx-light, libnginx-mod-http-modsecurity, modsecurity-crs), wrk and taskset.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.jwk import OctKey

from benchmarks.peers import PROXY_CORE, Figures, backend, free_port, load, missing_programs, nginx_proxy, running

SECRET: Final = "a-secret-of-the-benchmark-that-nobody-else-uses"
NEEDED_OF_MODSECURITY: Final = 8.0
NEEDED_OF_NGINX: Final = 0.10
_MODULE: Final = "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so"
_NDK: Final = "/usr/lib/nginx/modules/ndk_http_module.so"
_RULES: Final = """
Include /etc/nginx/modsecurity.conf
SecRuleEngine On
SecAuditEngine Off
Include /etc/modsecurity/crs/crs-setup.conf
Include /usr/share/modsecurity-crs/rules/*.conf
"""

_TEXT: Final = {"type": "string"}
_ITEM: Final = {
    "type": "object",
    "required": ["name", "price"],
    "properties": {"name": {"type": "string", "maxLength": 400}, "price": {"type": "number"}},
}
_STORED: Final = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": _TEXT,
        "price": {"type": "number"},
        "tags": {"type": "array", "items": _TEXT},
        "description": _TEXT,
    },
}
_ANSWER: Final = {"200": {"description": "ok", "content": {"application/json": {"schema": _STORED}}}}


def _query(name: str, schema: object) -> dict[str, object]:
    return {"name": name, "in": "query", "schema": schema}


DESCRIPTION: Final = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "security": [{"token": []}],
    "paths": {
        "/items/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                    _query("fields", _TEXT),
                ],
                "responses": _ANSWER,
            }
        },
        "/search": {
            "get": {
                "parameters": [
                    _query("q", _TEXT),
                    _query("page", {"type": "integer", "minimum": 1}),
                    _query("limit", {"type": "integer", "maximum": 100}),
                ],
                "responses": _ANSWER,
            }
        },
        "/items": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": _ITEM}}},
                "responses": _ANSWER,
            }
        },
    },
}

_SETTINGS: Final = """
[guard]
upstream = "http://127.0.0.1:{upstream}"
listen = "127.0.0.1:{port}"
description = "openapi.json"
mode = "enforce"
[[guard.issuers]]
issuer = "https://id.shop.test"
audience = ["shop"]
secret_file = "secret"
[guard.flood]
address_requests = 100000000
area_requests = 100000000
[guard.quota]
per_minute = 100000000
[guard.conduct]
machines = false
[guard.modes]
{off}
"""


def token() -> str:
    """Return a bearer token that the guard accepts for an hour."""
    claims = {
        "iss": "https://id.shop.test",
        "aud": "shop",
        "sub": "user-42",
        "roles": ["member"],
        "iat": int(time.time()),
        "exp": int(time.time()) + 3600,
    }
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(SECRET.encode()))


@contextmanager
def modsecurity(upstream: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run nginx with ModSecurity and the Core Rule Set at paranoia level 1 before `upstream`."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as rules:
        rules.write(_RULES)
        rules.flush()
        modules = "".join(f"load_module {module};\n" for module in (_NDK, _MODULE) if Path(module).exists())
        inside = f"modsecurity on; modsecurity_rules_file {rules.name};"
        with nginx_proxy(upstream, top=modules, inside=inside) as (port, process):
            yield port, process


@contextmanager
def guard(upstream: int, *, off: Sequence[str] = ()) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the guard with every stage but those that are `off`."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        Path(place, "openapi.json").write_text(json.dumps(DESCRIPTION))
        Path(place, "secret").write_text(SECRET)
        modes = "\n".join(f'{name} = "off"' for name in off)
        settings = Path(place, "apiward.toml")
        settings.write_text(_SETTINGS.format(upstream=upstream, port=port, off=modes))
        command = [sys.executable, "-m", "apiward", "guard", "--config", str(settings)]
        with running(command, port, core=PROXY_CORE) as process:
            yield port, process


def measure(seconds: int, connections: int, rounds: int, off: Sequence[str]) -> dict[str, Figures]:
    """Return the median run, by requests per second, of each."""
    runs: dict[str, list[Figures]] = {}
    shown = token()
    with backend() as upstream:
        for _ in range(rounds):
            for title, start in (
                ("nginx", partial(nginx_proxy, upstream)),
                ("nginx + ModSecurity", partial(modsecurity, upstream)),
                ("apiward", partial(guard, upstream, off=off)),
            ):
                with start() as (port, process):
                    figures = load(port, process, seconds=seconds, connections=connections, token=shown)
                    runs.setdefault(title, []).append(figures)
    return {title: sorted(found, key=lambda one: one.requests_per_s)[len(found) // 2] for title, found in runs.items()}


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], metavar="STAGE", help="switch stages off")
    given = parser.parse_args()
    if missing := missing_programs():
        sys.exit(f"not installed: {', '.join(missing)}")
    results = measure(given.seconds, given.connections, given.rounds, given.without)
    ours = results["apiward"].requests_per_s
    for title, figures in results.items():
        print(f"{title:20} {figures}")
    of_modsecurity = ours / results["nginx + ModSecurity"].requests_per_s
    of_nginx = ours / results["nginx"].requests_per_s
    print(f"apiward is {of_modsecurity:.1f} x nginx + ModSecurity (bar {NEEDED_OF_MODSECURITY:g})")
    print(f"apiward is {of_nginx:.2f} x nginx (bar {NEEDED_OF_NGINX:.2f})")
    return int(of_modsecurity < NEEDED_OF_MODSECURITY or of_nginx < NEEDED_OF_NGINX)


if __name__ == "__main__":
    sys.exit(main())
