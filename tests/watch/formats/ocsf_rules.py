"""Holds an OCSF event against what the schema asks for (`ocsf_1_5_0.json` beside this file)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

TABLES: Final = json.loads(Path(__file__).with_name("ocsf_1_5_0.json").read_text("utf-8"))
_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "string": str,
    "boolean": bool,
    "object": dict,
    "integer": int,
    "number": (int, float),
}


def problems(event: dict[str, Any]) -> list[str]:
    """Return what is wrong with an event."""
    return list(_table_problems(event, TABLES["classes"][str(event["class_uid"])], f"class {event['class_uid']}"))


def _table_problems(value: dict[str, Any], table: dict[str, Any], place: str) -> Iterator[str]:
    for name in table["required"]:
        if name not in value:
            yield f"{place} lacks {name}"
    if table["one_of"] and not any(name in value for name in table["one_of"]):
        yield f"{place} has none of {table['one_of']}"
    if "just_one" in table and sum(name in value for name in table["just_one"]) != 1:
        yield f"{place} has not just one of {table['just_one']}"
    for name, part in value.items():
        if name not in table["attributes"]:
            yield f"{place} has the unknown {name}"
        else:
            yield from _value_problems(part, table["attributes"][name], f"{place}.{name}")


def _value_problems(value: Any, form: dict[str, Any], place: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if "list" in form:
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for item in value:
            yield from _value_problems(item, form["list"], place)
    elif "object" in form:
        if not isinstance(value, dict):
            yield f"{place} is no object"
        elif form["object"] != "object":  # which takes anything
            yield from _table_problems(value, TABLES["objects"][form["object"]], place)
    else:
        yield from _scalar_problems(value, form, place)


def _scalar_problems(value: Any, form: dict[str, Any], place: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    kind = _TYPES[form.get("type", "string")]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        yield f"{place} is no {form['type']}: {value!r}"
        return
    if "enum" in form and value not in form["enum"]:
        yield f"{place} may not be {value!r}"
    if "pattern" in form and not re.search(form["pattern"], str(value)):
        yield f"{place} does not look like {form['pattern']}: {value!r}"
