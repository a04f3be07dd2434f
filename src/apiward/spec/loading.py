"""Bytes to a plain tree of JSON values, or a clear word on why there is none."""

import codecs
import re
from collections.abc import Callable
from typing import Final

import yaml

from apiward.core.jsonvalue import Json
from apiward.spec.document import Journal, kind_of
from apiward.spec.errors import DescriptionError
from apiward.spec.json_text import parse_json_text
from apiward.spec.limits import Limits
from apiward.spec.yaml_text import OutOfTime, parse_yaml_text

_GIVE_ONE: Final = "Give apiward an OpenAPI 3 or Swagger 2 document in JSON or YAML."
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def load_tree(text: bytes, limits: Limits, clock: Callable[[], float]) -> tuple[dict[str, Json], Journal]:
    """Return the tree of a description and what was odd about its text. Raises DescriptionError."""
    if len(text) > limits.max_bytes:
        size, most = len(text) / 1e6, limits.max_bytes / 1e6
        why = f"apiward reads at most {most:g} MB."
        raise DescriptionError(f"The text has {size:.1f} MB.", why, "Split it, or leave parts out.")
    journal = Journal(limits, clock, clock())
    tree = _tree(_decoded(text, journal), journal)
    if not isinstance(tree, dict):
        found = f"The text holds {kind_of(tree)}."
        raise DescriptionError(found, "A description is an object with an openapi or swagger member.", _GIVE_ONE)
    return tree, journal


def _decoded(text: bytes, journal: Journal) -> str:
    encoding = next((name for mark, name in _MARKS if text.startswith(mark)), "utf-8")
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        journal.note((), f"Some bytes are no {encoding.upper()} (the first at {error.start}); they were replaced.")
        return text.decode(encoding, "replace")


def _tree(text: str, journal: Journal) -> Json:
    start = text.lstrip()[:1]
    if not start:
        raise DescriptionError("The text is empty.", "There is nothing to read.", _GIVE_ONE)
    if start == "<":
        why = "A description is JSON or YAML, not markup."
        raise DescriptionError("The text is a web page or XML.", why, _GIVE_ONE)
    return _json_or_yaml(text, journal) if start in "{[" else _yaml(text, journal)


def _json_or_yaml(text: str, journal: Journal) -> Json:
    try:
        return parse_json_text(text, journal)
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = str(error)
    try:
        tree = _yaml(text, journal)
    except DescriptionError as error:
        why = f"The JSON reader says: {reason}."
        raise DescriptionError("The text looks like JSON but is broken.", why, error.advice) from error
    journal.note((), f"This is no clean JSON ({reason}); it was read as YAML.")
    return tree


def _yaml(text: str, journal: Journal) -> Json:
    if _UNPRINTABLE.search(text):
        journal.note((), "The text holds control characters; they were left out.")
        text = _UNPRINTABLE.sub("", text)
    try:
        return parse_yaml_text(text, journal)
    except OutOfTime:
        found = f"The text could not be read within {journal.limits.max_seconds:g} seconds."
        raise DescriptionError(found, "It is too large or too tangled.", "Split it, or give it as JSON.") from None
    except yaml.YAMLError as error:
        why = f"The YAML reader says: {_reason(error)}."
        raise DescriptionError("The text is neither JSON nor YAML.", why, _GIVE_ONE) from error


def _reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = (
        getattr(error, "problem", None) or "it breaks off, is nested too deeply, or holds what YAML does not allow"
    )
    return f"{problem}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(problem)
