import ast
import base64
import json
import pickle
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.scan.checks.injection.kept_object import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi


def _pickled(text: str) -> Json:
    return pickle.loads(base64.b64decode(text))  # the weak twin


def _yaml(text: str) -> Json:
    return yaml.unsafe_load(text)


def _safe_yaml(text: str) -> Json:
    return yaml.safe_load(text)


def _node(text: str) -> Json:
    """Do what node-serialize does: run functions of a kept object that are called at once."""
    found = json.loads(text)
    code = re.fullmatch(r"_\$\$ND_FUNC\$\$_function\(\)\{return (\d+)\*(\d+)\}\(\)", str(found.get("aw")))
    return {"aw": int(code[1]) * int(code[2])} if code else found


def _decoded(text: str) -> Json:
    return base64.b64decode(text, validate=True).decode()


def restoring(read: Callable[[str], Any], *, name: str = "state") -> Pair:
    """Return an API that takes a state back, and shows it."""
    api = SmallApi()

    def restore(call: Call) -> Json:
        try:
            return {"state": str(read(str(call.data.get(name))))}
        except Exception:  # noqa: BLE001  # whatever the text brings
            raise RefusalError(400, "no such state") from None

    api.route("POST", "/states/preview", restore, body={name: "string"})
    return api.pair()


def from_a_cookie(read: Callable[[str], Any]) -> Pair:
    """Return an API that keeps what somebody has chosen in a cookie of any name."""

    async def show(request: Request) -> Response:
        try:
            return JSONResponse({"chosen": str(read(request.cookies.get("v", "")))})
        except Exception:  # noqa: BLE001  # whatever the text brings
            return JSONResponse({"chosen": ""})

    described = operation()
    described["parameters"] = [{"name": "v", "in": "cookie", "schema": {"type": "string"}}]
    return Starlette(routes=[Route("/chosen", show)]), description({"/chosen": {"get": described}})


TRIGGERS: tuple[Case, ...] = (
    ("pickle", partial(restoring, _pickled)),
    ("pickle in a cookie", partial(from_a_cookie, _pickled)),
    ("yaml", partial(restoring, _yaml, name="config")),
    ("functions of node", partial(restoring, _node, name="session")),
)
SILENT: tuple[Case, ...] = (
    ("text", partial(restoring, str)),
    ("base64", partial(restoring, _decoded)),
    ("base64 in a cookie", partial(from_a_cookie, _decoded)),
    ("safe yaml", partial(restoring, _safe_yaml)),
    ("JSON", partial(restoring, json.loads)),
    ("numbers only", partial(restoring, ast.literal_eval)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)
