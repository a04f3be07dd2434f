"""JSON pointers (RFC 6901): how they are written, and how a `$ref` names one."""

from urllib.parse import unquote

from apiward.core.jsonvalue import Pointer


def pointer_text(pointer: Pointer) -> str:
    """Return `pointer` as RFC 6901 writes it: `/paths/~1users/get`."""
    return "".join(f"/{_escaped(str(step))}" for step in pointer)


def fragment_steps(reference: str) -> tuple[str, ...] | None:
    """Return the steps of a local reference (`#/a/b`), or None where it is not one."""
    if reference == "#":
        return ()
    if not reference.startswith("#/"):
        return None
    return tuple(_unescaped(unquote(step)) for step in reference[2:].split("/"))


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
