import ast
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from jinja2 import Environment, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from apiward.scan.checks.injection.template import CHECK
from apiward.scan.level import Level
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, Said, SmallApi


def greeting(*, weak: bool, place: str = "query", stumbles: bool = False) -> Pair:
    """Return an API that writes a card; the weak one makes its template of what the caller sends."""
    api = SmallApi()

    def write(call: Call) -> Json:
        name = str((call.query or call.path or call.data.get("card", {})).get("name", ""))
        if stumbles and weak and "<%=" in name:
            raise RefusalError(500, "unexpected '<'")
        source = f"Dear {name}," if weak else "Dear {{ name }},"
        return {"text": Environment().from_string(source).render(name=name)}  # answers are JSON

    if place == "body":
        schema: Any = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
        api.route("POST", "/cards", write, body={"card": "object"}, secured=True)
        described = api.paths["/cards"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        described["properties"]["card"] = schema
    elif place == "path":
        api.route("GET", "/cards/{name}", write, secured=False)
    else:
        api.route("GET", "/cards", write, query=["name"], secured=False)
    return api.pair()


def interpolating(before: str, after: str) -> Pair:
    """Return an API whose engine works out what stands between two signs, and writes numbers for people."""
    api = SmallApi()

    def write(call: Call) -> Json:
        head, sign, rest = call.query.get("name", "").partition(before)
        inner, end, tail = rest.partition(after)
        if not sign or not end:
            return {"text": head + sign + rest}
        return {"text": f"{head}{_calculated(inner):,}{tail}"}

    api.route("GET", "/cards", write, query=["name"], secured=False)
    return api.pair()


def preview(*, weak: bool) -> Pair:
    """Return an API that is there to show the caller's own templates: the sound one in a sandbox."""
    api = SmallApi()
    engine = Environment() if weak else SandboxedEnvironment()  # answers are JSON

    def show(call: Call) -> Json:
        try:
            return {"text": engine.from_string(str(call.data.get("template"))).render(name="Ann")}
        except TemplateError:
            raise RefusalError(422, "no such template") from None

    api.route("POST", "/mails/preview", show, body={"template": "string"})
    return api.pair()


def calculator(*, weak: bool, quiet: bool = False) -> Pair:
    """Return an API that is there to calculate: the weak one hands the text to Python."""
    api = SmallApi()

    def work_out(call: Call) -> Json:
        text = str(call.data.get("amount"))
        try:
            result = float(eval(text)) if weak else float(_calculated(text))  # the weak twin
        except Exception:  # noqa: BLE001  # whatever the text brings
            raise RefusalError(200 if quiet else 422, "cannot be worked out") from None
        return {"result": int(result)}

    api.route("POST", "/split", work_out, body={"amount": "string"})
    return api.pair()


def _calculated(text: str) -> int:
    """Work out sums of numbers, and nothing else."""
    signs: dict[type, Callable[[int, int], int]] = {ast.Mult: operator.mul, ast.Add: operator.add}

    def worth(node: ast.AST) -> int:
        if isinstance(node, ast.BinOp) and type(node.op) in signs:
            return signs[type(node.op)](worth(node.left), worth(node.right))
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return node.value
        raise ValueError("no sum")

    return worth(ast.parse(text.strip(), mode="eval").body)


def answering_numbers() -> Pair:
    """Return a sound API that echoes and counts, and that fails at every brace."""
    api = SmallApi()

    def show(call: Call) -> Json:
        wanted = call.query.get("q", "")
        if "{" in wanted:
            raise RefusalError(500, "braces")
        return Said({"asked": wanted, "found": [n * n for n in range(200)]}, headers={"x-asked": wanted[:40]})

    api.route("GET", "/numbers", show, query=["q"], secured=False)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("a template made of a query value", partial(greeting, weak=True)),
    ("a template made of a path value", partial(greeting, weak=True, place="path")),
    ("a template made of nested JSON", partial(greeting, weak=True, place="body")),
    ("an engine that stumbles over the signs of others", partial(greeting, weak=True, stumbles=True)),
    ("dollar signs, a number written for people", partial(interpolating, "${", "}")),
    ("signs of Ruby and Java", partial(interpolating, "#{", "}")),
    ("angle signs", partial(interpolating, "<%=", "%>")),
    ("a preview of templates without a sandbox", partial(preview, weak=True)),
    ("a number worked out by Python", partial(calculator, weak=True)),
    ("a number worked out by Python, failures have status 200", partial(calculator, weak=True, quiet=True)),
)
SILENT: tuple[Case, ...] = (
    ("a value in a template", partial(greeting, weak=False)),
    ("a path value in a template", partial(greeting, weak=False, place="path")),
    ("nested JSON in a template", partial(greeting, weak=False, place="body")),
    ("a preview of templates in a sandbox", partial(preview, weak=False)),
    ("a calculator", partial(calculator, weak=False)),
    ("a calculator, failures have status 200", partial(calculator, weak=False, quiet=True)),
    ("an echo among numbers", answering_numbers),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_at_level_read_nothing_is_written() -> None:
    app, described = greeting(weak=True, place="body")
    scanned = scan_app(app, described, [CHECK], level=Level.READ)
    assert not scanned.broken()


def test_an_operation_that_takes_all_as_text_is_asked_little() -> None:
    api = SmallApi(has_accounts=False)
    api.route("GET", "/cards", lambda call: {"text": call.query.get("name")}, query=["name"], secured=False)
    app, described = api.pair()
    assert scan_app(app, described, [CHECK]).report.request_count <= 5  # three of them before any check runs
