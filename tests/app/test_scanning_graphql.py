"""GraphQL is found from an address alone, beside another description, or from a written schema."""

import asyncio
import tempfile
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from apiward.app.scanning import CannotScanError, Described, describe
from apiward.demo.app import create_app
from apiward.demo.graphql.schema import SDL
from apiward.net.asgi import asgi_sender

ROOT = "http://demo.test"
OPEN = "graphql-introspection"


def _described(url: str, *weaknesses: str, spec: str = "", is_described: bool = False) -> Described:
    async def work(folder: Path) -> Described:
        app = create_app(weaknesses, data_dir=folder, is_described=is_described)
        try:
            async with asgi_sender(app, clock=time.time) as sender:
                return await describe(sender, url, spec)
        finally:
            app.state.desk.storage.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(work(Path(folder)))


@pytest.mark.parametrize("url", [ROOT, f"{ROOT}/graphql"])
def test_from_an_address_alone(url: str) -> None:
    described = _described(url, OPEN)
    assert (described.origin, described.api.dialect) == (ROOT, "GraphQL")
    assert "POST /graphql mutation createNote" in {op.key for op in described.api.operations}


def test_beside_another_description() -> None:
    keys = {op.key for op in _described(ROOT, OPEN, is_described=True).api.operations}
    assert {"POST /graphql query note", "GET /api/v2/notes/{note_id}"} <= keys
    assert "POST /graphql query note" not in {op.key for op in _described(ROOT, is_described=True).api.operations}


def test_from_a_written_schema(tmp_path: Path) -> None:
    file = tmp_path / "phone.graphql"
    file.write_text(SDL)
    described = _described(ROOT, spec=str(file))
    assert described.origin == ROOT
    assert len(described.api.operations) == 10


def test_a_further_schema_is_looked_for_where_it_is_served(tmp_path: Path) -> None:
    file = tmp_path / "phone.graphql"
    file.write_text(SDL)

    async def work() -> None:
        async with asgi_sender(_nothing, clock=time.time) as sender:
            await describe(sender, ROOT, str(recorded), [str(file)])

    recorded = tmp_path / "requests.txt"
    recorded.write_text(f"curl {ROOT}/things\n")
    with pytest.raises(CannotScanError, match="No GraphQL was found"):
        asyncio.run(work())


def test_a_schema_for_a_server_without_graphql_is_told(tmp_path: Path) -> None:
    file = tmp_path / "phone.graphql"
    file.write_text(SDL)

    async def work() -> None:
        async with asgi_sender(_nothing, clock=time.time) as sender:
            await describe(sender, ROOT, str(file))

    with pytest.raises(CannotScanError, match="No GraphQL was found"):
        asyncio.run(work())


def test_a_server_that_hides_its_schema_is_told() -> None:
    with pytest.raises(CannotScanError, match="does not tell its schema") as told:
        _described(f"{ROOT}/graphql")
    assert "--spec schema.graphql" in told.value.advice


async def _nothing(scope: MutableMapping[str, Any], _receive: object, send: Any) -> None:  # noqa: ANN401 - as ASGI
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})
