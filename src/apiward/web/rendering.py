"""Templates: every value is escaped, nothing hidden is shown, every word comes from the catalogue."""

import hashlib
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from apiward.catalogue.page import load_page_words
from apiward.prove.neutral import neutral
from apiward.web.drawing import bars

STYLE: Final = "page.css"
ICON: Final = "icon.svg"


def render(template: str, /, **values: object) -> str:
    """Return a page."""
    return _environment().get_template(template).render(**values)


@cache
def style() -> tuple[str, bytes]:
    """Return the name of the style sheet, which changes with it, and the sheet."""
    body = _file("static", STYLE).encode()
    return f"{hashlib.sha256(body).hexdigest()[:12]}.css", body


@cache
def icon() -> bytes:
    """Return the icon."""
    return _file("static", ICON).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: _file("templates", name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    words = load_page_words()
    environment.globals.update(say=words.said, style=style()[0], bars=bars)
    environment.filters["grouped"] = grouped
    return environment


def grouped(number: int) -> str:
    """Return a number with its thousands apart."""
    return f"{number:,}"


def _harmless(value: object) -> object:
    """Write out control and bidirectional characters in everything that a template shows."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return neutral(value, keep="\n")


def _file(folder: str, name: str) -> str:
    return resources.files("apiward.web").joinpath(folder, name).read_text("utf-8")
