"""Every playbook is good CACAO 2.0: by the schema of OASIS, by the names of its members, and as a graph.

`cacao_2_0.json` holds the schemas of oasis-open/cacao-json-schemas (Apache-2.0) without their descriptions. They name
draft 7, in which `unevaluatedProperties` says nothing: so members that no schema knows are looked for here.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest

from apiward.catalogue.playbooks import ACTIONS, Playbook, load_playbooks
from apiward.watch.formats.cacao import cacao

AT_S: Final = 1_800_000_000.5
BOOKS: Final = list(load_playbooks().values())
_LEADS: Final = ("on_completion", "on_success", "on_failure", "on_true", "on_false")


@cache
def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("cacao_2_0.json").read_text("utf-8"))
    return found


@cache
def _validator() -> jsonschema_rs.Draft7Validator:
    def retrieve(uri: str) -> Any:  # noqa: ANN401 - a schema is any JSON
        return _schemas()[uri[uri.index("/schemas/") + 1 :]]

    return jsonschema_rs.Draft7Validator(_schemas()["schemas/playbook.json"], retriever=retrieve)


def problems(document: dict[str, Any]) -> list[str]:
    found = [error.message for error in _validator().iter_errors(document)]
    found += _unknown("schemas/playbook.json", document)
    for id_, step in document["workflow"].items():
        found += _unknown(f"schemas/workflows/{step['type']}.json", step)
        if not id_.startswith(f"{step['type']}--"):
            found.append(f"{id_} is a {step['type']}")
        for command in step.get("commands", ()):
            found += _unknown(f"schemas/commands/{command['type']}.json", command)
    for agent in document["agent_definitions"].values():
        found += _unknown(f"schemas/agent-target/{agent['type']}.json", agent)
    for variable in document["playbook_variables"].values():
        found += _unknown("schemas/data-types/variable.json", variable)
    return found


def _unknown(schema: str, value: dict[str, Any]) -> list[str]:
    return [f"{schema} has no {name}" for name in value if name not in _known(schema)]


@cache
def _known(name: str) -> frozenset[str]:
    def names(schema: dict[str, Any], here: Path) -> set[str]:
        found = set(schema.get("properties", {}))
        for part in schema.get("allOf", ()):
            if "$ref" in part:
                place = (here / part["$ref"]).as_posix().replace("/./", "/")
                found |= names(_schemas()[place], (here / part["$ref"]).parent)
            found |= names(part, here)
        return found

    return frozenset(names(_schemas()[name], Path(name).parent))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_a_playbook_is_good_cacao(book: Playbook) -> None:
    assert problems(cacao(book, at_s=AT_S)) == []


def test_the_check_sees_what_is_wrong() -> None:
    for change in ({"id": "playbook--1"}, {"created": "today"}, {"workflow_start": 7}, {"colour": "red"}):
        assert problems({**cacao(BOOKS[0], at_s=AT_S), **change})
    document = json.loads(json.dumps(cacao(BOOKS[0], at_s=AT_S)))
    step = next(step for step in document["workflow"].values() if step["type"] == "action")
    step["commands"][0]["colour"] = "red"
    del step["agent"]
    assert len(problems(document)) >= 2


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_step_is_reached_and_every_way_ends(book: Playbook) -> None:
    document: Any = cacao(book, at_s=AT_S)
    workflow = document["workflow"]
    reached, waiting = set(), [document["workflow_start"]]
    while waiting:
        id_ = waiting.pop()
        step = workflow[id_]
        reached.add(id_)
        following = [step[lead] for lead in _LEADS if lead in step]
        assert bool(following) == (step["type"] != "end")
        waiting += [one for one in following if one not in reached]
    assert reached == set(workflow)
    assert _has_no_circle(workflow, document["workflow_start"], frozenset())


def _has_no_circle(workflow: Any, id_: str, seen: frozenset[str]) -> bool:  # noqa: ANN401 - a graph as JSON
    following = [workflow[id_][lead] for lead in _LEADS if lead in workflow[id_]]
    return id_ not in seen and all(_has_no_circle(workflow, one, seen | {id_}) for one in following)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_all_that_people_read_is_in_it(book: Playbook) -> None:
    document: Any = cacao(book, at_s=AT_S)
    text = json.dumps(document, ensure_ascii=False)
    assert all(step.do in text and step.only_if in text and step.undo in text for step in book.steps)
    assert all(one in text for one in book.evidence)
    for command in re.findall(r'"command": "(apiward [^"]*)"', text):
        (variable,) = re.findall(r"__[a-z]+__", command)
        assert variable in document["playbook_variables"]
    acts = [step.action for step in book.steps if step.action]
    assert text.count('"bash"') == len(acts)
    assert all(ACTIONS[act][1].split("{")[0] in text for act in acts)


def test_ids_stay_and_are_each_book_s_own() -> None:
    first, later = cacao(BOOKS[0], at_s=1.0), cacao(BOOKS[0], at_s=2.0)
    assert first["id"] == later["id"]
    assert first["workflow"] == later["workflow"]
    assert len({str(cacao(book, at_s=1.0)["id"]) for book in BOOKS}) == len(BOOKS)
