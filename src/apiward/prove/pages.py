"""What all HTML pages of `prove` share: templates that escape, a policy that lets nothing load, harmless text."""

import base64
import hashlib
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from apiward.prove.neutral import neutral


def page_environment() -> Environment:
    """Return an environment whose templates stand in `prove/templates`, and which escapes everything."""
    return Environment(
        loader=FunctionLoader(package_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )


def page_policy(css: str) -> str:
    """Return a content security policy under which this style counts, and nothing is loaded or sent."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def package_file(name: str) -> str:
    """Return a template, or a style."""
    return resources.files("apiward.prove").joinpath("templates", name).read_text("utf-8")


def _harmless(value: object) -> object:
    """Write out control and bidirectional characters in everything that a template shows."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return neutral(value, keep="\n")
