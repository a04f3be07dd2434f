"""Where the API stands: server addresses, and the path in front of every operation."""

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from apiward.spec.document import Node

_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_NOWHERE: Final = "http://source.invalid/"


def is_web_address(text: str) -> bool:
    """Whether `text` is an http or https address with a host."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def server_addresses(holder: Node) -> tuple[str, ...]:
    """Return the addresses of an OpenAPI 3 server list, variables filled in, made absolute if possible."""
    return tuple(address for node in holder.elements("servers") if (address := _address(node)) is not None)


def swagger_addresses(root: Node) -> tuple[str, ...]:
    """Return the addresses that Swagger 2 builds of schemes, host and basePath."""
    source = root.document.source
    path = root.text("basePath")
    if path and not path.startswith("/"):
        root.note("A basePath starts with '/'; it was read as if it did.", "basePath")
        path = f"/{path}"
    here = urlsplit(source) if is_web_address(source) else None
    host = root.text("host") or (here.netloc if here else "")
    if not host:
        return (path,) if path else ()
    schemes = [scheme for scheme in root.texts("schemes") if scheme in ("http", "https")]
    return tuple(f"{scheme}://{host}{path}" for scheme in schemes or [here.scheme if here else "https"])


def base_path(addresses: tuple[str, ...]) -> str:
    """Return the path part of the first address, without a trailing slash."""
    if not addresses:
        return ""
    return urlsplit(urljoin(_NOWHERE, addresses[0])).path.rstrip("/")


def _address(node: Node) -> str | None:
    if not isinstance(node.value, dict):
        node.note("Expected a server object here; it was left out.")
        return None
    filled = _VARIABLE.sub(lambda found: _variable(node, found[1]), node.text("url")).strip()
    filled = filled or "/"  # frameworks write "" for "where I stand"; read as a reference it would be the document
    source = node.document.source
    try:
        address = urljoin(source, filled) if is_web_address(source) else filled
        urlsplit(urljoin(_NOWHERE, address))
    except ValueError:
        node.note("This server address cannot be read; it was left out.", "url")
        return None
    return address


def _variable(node: Node, name: str) -> str:
    variables = node.child("variables")
    variable = variables.child(name) if variables is not None else None
    if variable is None:
        node.note(f"The server address holds {{{name}}} but does not say what it stands for.", "url")
        return f"{{{name}}}"
    return variable.text("default") or next(iter(variable.texts("enum")), "")
