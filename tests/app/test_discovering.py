import asyncio
import re
import time
from pathlib import Path

from apiward.app.discovering import look_around
from apiward.core.api import LOOKING_AROUND, Api, Operation, Problem
from apiward.demo.app import DOCUMENTED, create_app
from apiward.net.asgi import asgi_sender
from apiward.spec.discovery.bounds import Bounds

HOST = "http://shop.example"
_VALUE = re.compile(r"\{[^{}]*\}")


def _bare(operation: Operation) -> str:
    return _VALUE.sub("{}", operation.key)


def _demo(tmp_path: Path, *, has_front: bool) -> tuple[Api, set[str]]:
    app = create_app((), data_dir=tmp_path, is_described=False, has_front=has_front)
    looked = asyncio.run(look_around(asgi_sender(app, clock=time.time), HOST))
    assert set(app.state.calls) <= {key for key in app.state.calls if key.startswith("GET ")}
    app.state.desk.storage.close()
    return looked.api, {_bare(one) for one in looked.api.operations}


def test_the_demo_is_found_by_what_its_website_calls(tmp_path: Path) -> None:
    api, mine = _demo(tmp_path, has_front=True)
    true = {_VALUE.sub("{}", entry.operation) for entry in DOCUMENTED}
    assert len(mine & true) >= 0.9 * len(true)
    assert mine <= true | {"DELETE /api/v2/clients/{}", "PUT /api/v2/articles/{}"}
    by_key = {_bare(one): one for one in api.operations}
    sign_up = by_key["POST /api/v2/register"].body_schema()
    assert sign_up is not None
    assert set(sign_up.properties["client"].properties) == {"email", "name", "password", "phone"}
    assert by_key["GET /api/v2/me"].is_secured
    assert by_key["GET /api/v2/coach"].security == ()
    # what resets everything is named nowhere, and what is in no program and under no usual name is not found
    assert "GET /api/v2/demo/reset" not in mine


def test_without_a_website_usual_names_find_a_part(tmp_path: Path) -> None:
    _, mine = _demo(tmp_path, has_front=False)
    assert {"GET /api/v2/me", "POST /api/v2/token", "POST /api/v2/register", "DELETE /api/v2/bookings/{}"} <= mine
    assert all("/v1/" not in one for one in mine)


def test_what_stopped_it_is_a_problem_of_the_api(tmp_path: Path) -> None:
    app = create_app((), data_dir=tmp_path, is_described=False)
    looked = asyncio.run(look_around(asgi_sender(app, clock=time.time), HOST, bounds=Bounds(requests=30)))
    app.state.desk.storage.close()
    assert looked.requests == 30
    assert looked.api.problems == (Problem(LOOKING_AROUND, "the bound of 30 requests was reached"),)
