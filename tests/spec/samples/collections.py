"""Collections, recordings and what reads them, for tests."""

import json
from typing import Any

from apiward.core.api import Api, Operation
from apiward.spec.learning.learner import Learner
from apiward.spec.samples.reading import read_input
from tests.spec.learning.seeing import classify, digest


def read(text: str | bytes | dict[str, Any], *, target: str = "", source: str = "x") -> Api:
    """Return the API that an input makes."""
    whole = json.dumps(text) if isinstance(text, dict) else text
    raw = whole.encode() if isinstance(whole, str) else whole
    return read_input(raw, source=source, learner=lambda: Learner(digest, classify), target=target)


def operations(text: str | bytes | dict[str, Any], *, target: str = "") -> dict[str, Operation]:
    """Return the operations of an input by their keys."""
    return {one.key: one for one in read(text, target=target).operations}


def collection(*items: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of JSON
    """Return a collection."""
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    return {"info": {"name": "Shop", "schema": schema}, "item": list(items), **more}


def entry(
    method: str,
    url: str,
    *,
    status: int = 200,
    answer: str = "{}",
    kind: str = "application/json",
    **more: Any,  # noqa: ANN401 - parts of JSON
) -> dict[str, Any]:
    """Return an entry of a recording."""
    response = {"status": status, "content": {"mimeType": kind, "text": answer}}
    return {"request": {"method": method, "url": url, "headers": [], **more}, "response": response}


def recording(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return a recording."""
    return {"log": {"version": "1.2", "entries": list(entries)}}
