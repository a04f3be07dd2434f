import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from apiward.app.guarding.description import is_address, known_api
from apiward.config.errors import AdvisedError

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "shop", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}


def test_a_file_is_read_from_where_relative_names_begin(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(DOCUMENT))
    known = asyncio.run(known_api("http://127.0.0.1:1", "openapi.json", tmp_path))
    assert known.api is not None
    assert [operation.key for operation in known.api.operations] == ["GET /a"]


def test_a_file_that_is_no_good_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(AdvisedError):
        asyncio.run(known_api("", "nothing.json", tmp_path))
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(AdvisedError):
        asyncio.run(known_api("", "broken.json", tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"log": {"entries": [{"request": {"method": "GET", "url": "http://h/a"}}]}}),
        json.dumps({"info": {"name": "x"}, "item": [{"request": "http://h/a"}]}),
        "curl http://h/a",
    ],
)
def test_single_requests_are_no_description_to_judge_by(text: str, tmp_path: Path) -> None:
    (tmp_path / "requests.json").write_text(text)
    with pytest.raises(AdvisedError, match="is no description of an API"):
        asyncio.run(known_api("", "requests.json", tmp_path))


@pytest.mark.parametrize(("upstream", "description"), [("http://127.0.0.1:1", ""), ("", "http://127.0.0.1:1/x.json")])
def test_an_api_that_is_away_does_not(upstream: str, description: str, tmp_path: Path) -> None:
    known = asyncio.run(known_api(upstream, description, tmp_path))
    assert known.api is None
    assert known.why


class _Site(BaseHTTPRequestHandler):
    """Serves a page that names operations, and no description."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(self.path)
        is_page = self.path == "/"
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b'<a href="/api/notes">Notes</a>' if is_page else b"none")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Stay silent."""


def test_a_start_asks_the_usual_places_and_does_not_look_around(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        known = asyncio.run(known_api(f"http://127.0.0.1:{server.server_port}", "", tmp_path))
        server.shutdown()
    assert known.api is None
    assert "No description of the API was found" in known.why
    assert "looking around" not in known.why
    assert "we tried" not in known.why
    assert "/openapi.json" in _Site.asked
    assert "/api/notes" not in _Site.asked


def test_nothing_named_is_nothing_known(tmp_path: Path) -> None:
    assert asyncio.run(known_api("", "", tmp_path)).why == "No description was named."


def test_addresses_are_told_from_files() -> None:
    assert is_address("https://a.example/openapi.json")
    assert not is_address("openapi.json")
    assert not is_address("/srv/openapi.json")
