"""Documents whose texts hold an entity (CWE-611): made of an example, or of the values that an operation takes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from apiward.core.api import Operation
from apiward.core.jsonvalue import Json
from apiward.spec.meaning import naming

_TEXT: Final = re.compile(r">([^<>&]*[A-Za-z][^<>&]*)<")
_ROOT: Final = re.compile(r"<([A-Za-z_][\w.:-]*)")
_NAME: Final = re.compile(r"[^\w.-]")
PLAIN: Final = "<document><text>a</text></document>"
"""Where nothing is known of what belongs into a document."""
_MOST_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Entity:
    """One declaration: what `&aw;` stands for."""

    declared: str

    def into(self, document: str) -> str:
        """Return the document with the entity behind each of its texts."""
        root = _ROOT.search(document)
        name = root[1] if root else "root"
        return f"<!DOCTYPE {name} [{self.declared}]>" + _TEXT.sub(lambda found: f">{found[1]} &aw;<", document)


def inside(head: str, tail: str) -> Entity:
    """Return an entity that says `head` and `tail` together, which stand apart in what is sent."""
    return Entity(f'<!ENTITY awin "{head}"><!ENTITY aw "&awin;{tail}">')


def outside(address: str) -> Entity:
    """Return an entity whose text stands somewhere else."""
    return Entity(f'<!ENTITY aw SYSTEM "{address}">')


def takes_xml(operation: Operation) -> str:
    """Return the media type in which an operation says that it takes XML, or nothing."""
    return next((body.media_type for body in operation.bodies if is_xml(body.media_type)), "")


def is_xml(media_type: str) -> bool:
    """Whether a media type is XML (RFC 7303)."""
    return media_type in ("application/xml", "text/xml") or media_type.endswith("+xml")


def example_of(operation: Operation) -> str:
    """Return the first document that the description gives as an example, without what stands before its root."""
    for body in operation.bodies:
        for one in body.schema.examples if is_xml(body.media_type) else ():
            if isinstance(one, str) and one.lstrip().startswith("<"):
                return re.sub(r"^\s*(<\?.*?\?>\s*)*", "", one, flags=re.DOTALL)
    return ""


def document(operation: Operation, body: Json) -> str:
    """Return a document with the values of a body, its root named by the schema or by the last thing of the path."""
    schema = operation.body_schema()
    nouns = naming.nouns(operation.path)
    name = (schema.name if schema is not None else None) or (nouns[-1] if nouns else "root")
    return "".join(_element(_NAME.sub("", name) or "root", body, 0))


def _element(name: str, value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _element(name, one, depth + 1)
        return
    yield f"<{name}>"
    if isinstance(value, dict) and depth < _MOST_DEPTH:
        for key, one in value.items():
            yield from _element(_NAME.sub("", key) or "value", one, depth + 1)
    elif not isinstance(value, dict) and value is not None:
        yield escape(str(value))
    yield f"</{name}>"
