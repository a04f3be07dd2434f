"""The digest of what an operation is judged by: the same in every process, another one where something changes."""

import subprocess
import sys
from dataclasses import replace

from apiward.core.api import Body, Operation
from apiward.core.schema import Schema
from apiward.guard.outlines import outline
from apiward.guard.stage import StageName
from apiward.guard.stages.permit import PermitSettings
from apiward.guard.stages.shape import ShapeSettings
from tests.guard.stages.orders_api import API, ORDERS, SEARCH

SETTINGS = (ShapeSettings(), PermitSettings())


def _digest(
    operation: Operation = ORDERS, off: tuple[StageName, ...] = (), settings: tuple[object, ...] = SETTINGS
) -> str:
    return outline(operation, off, settings)


def test_every_operation_has_its_own() -> None:
    assert len({_digest(one) for one in API.operations}) == len(API.operations)


def test_it_is_the_same_in_another_process() -> None:
    script = "from tests.guard.test_outlines import _digest, SEARCH; print(_digest(SEARCH))"
    found = {
        subprocess.run(
            [sys.executable, "-c", script], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert found == {_digest(SEARCH)}


def test_what_refuses_changes_it() -> None:
    one = ORDERS.bodies[0]
    wider = replace(one.schema, properties={**one.schema.properties, "more": Schema(types=("string",))})
    longer = {**one.schema.properties, "note": Schema(types=("string",), max_length=11)}
    changed = {
        _digest(replace(ORDERS, bodies=(Body("application/json", wider, is_required=True),))),
        _digest(replace(ORDERS, bodies=(replace(one, schema=replace(one.schema, properties=longer)),))),
        _digest(replace(ORDERS, bodies=(replace(one, is_required=False),))),
        _digest(replace(ORDERS, parameters=SEARCH.parameters)),
        _digest(replace(ORDERS, security=(("key",),))),
        _digest(off=(StageName.SHAPE,)),
        _digest(settings=(ShapeSettings(undeclared="drop"), PermitSettings())),
    }
    assert len(changed) == 7
    assert _digest() not in changed


def test_words_for_people_do_not() -> None:
    assert _digest(replace(ORDERS, summary="another", description="text", tags=("a",))) == _digest()
