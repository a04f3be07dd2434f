"""All formats of a report, by the name that people type."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from apiward.prove.formats import html, json, junit, markdown, sarif, text
from apiward.prove.model import ReportModel

FORMATS: Final[Mapping[str, Callable[[ReportModel], str]]] = MappingProxyType(
    {
        "text": text.render,
        "json": json.render,
        "sarif": sarif.render,
        "junit": junit.render,
        "md": markdown.render,
        "html": html.render,
    }
)
