"""The way in: the bytes of a description to a `core.api.Api`."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from apiward.core.api import Api
from apiward.core.jsonvalue import Json
from apiward.spec.document import Document, Journal
from apiward.spec.errors import DescriptionError
from apiward.spec.graphql.describing import ENDPOINT, describe_graphql
from apiward.spec.graphql.introspection import told_schema
from apiward.spec.graphql.written import read_written_schema
from apiward.spec.limits import DEFAULT_LIMITS, Limits
from apiward.spec.loading import load_tree
from apiward.spec.openapi3 import read_openapi3
from apiward.spec.swagger2 import read_swagger2

_OTHERS: Final = (
    ("asyncapi", "an AsyncAPI document, which describes messages"),
    ("swaggerVersion", "a Swagger 1 document, which is too old"),
    ("log", "a record of traffic (HAR)"),
    ("item", "a Postman collection"),
    ("wsdl", "a WSDL document"),
    ("$schema", "a JSON Schema"),
    ("paths", "an object with paths, but it does not say which version of OpenAPI it is"),
)


def read_description(
    text: bytes,
    *,
    source: str,
    limits: Limits = DEFAULT_LIMITS,
    clock: Callable[[], float] = time.monotonic,
) -> Api:
    """Return the API that `text` describes: OpenAPI 3.0 or 3.1, Swagger 2.0, in JSON or YAML, or a GraphQL schema.

    `source` is the address or file name it came from; relative server addresses start there.
    Whatever is broken stands in `Api.problems`. Raises DescriptionError where nothing can be read.
    """
    written = read_written_schema(text, source, limits)
    if written is not None:
        return written
    tree, journal = load_tree(text, limits, clock)
    return read_document(Document(tree, source, journal))


def read_document(document: Document) -> Api:
    """Return the API that a description describes whose text has been read. Raises DescriptionError."""
    tree = document.root
    told = told_schema(tree)
    if told is not None:
        return describe_graphql(told, endpoint=ENDPOINT, source=document.source)
    for key, name in (("openapi", "OpenAPI"), ("swagger", "Swagger")):
        if tree.get(key) is not None:
            return _by_version(document, name, str(tree[key]), document.journal, key)
    raise _no_description(tree)


def _by_version(document: Document, name: str, version: str, journal: Journal, key: str) -> Api:
    if version.startswith("2"):
        return read_swagger2(document, "Swagger 2.0")
    if version.startswith("1") and name == "Swagger":
        raise _no_description({"swaggerVersion": version})
    if version.startswith("3.0"):
        return read_openapi3(document, "OpenAPI 3.0")
    if not version.startswith("3.1"):
        journal.note((key,), f"Version {version[:20]!r} is not known to apiward; read as OpenAPI 3.1.")
    return read_openapi3(document, "OpenAPI 3.1")


def _no_description(tree: Mapping[str, Json]) -> DescriptionError:
    found = next((words for key, words in _OTHERS if key in tree), "an object")
    return DescriptionError(
        f"The text holds {found}.",
        "A description has an openapi or swagger member that says its version.",
        "Give apiward an OpenAPI 3 or Swagger 2 document in JSON or YAML, or a GraphQL schema.",
    )
