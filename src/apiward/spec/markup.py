"""Tags of a page (HTML) and their attributes: quoted or not, with entities decoded. A tag ends at the first `>`."""

import html
import re
from collections.abc import Iterator
from typing import Final

MAX_TAG: Final = 4_000
MAX_TAGS: Final = 20_000
MAX_VALUE: Final = 2_000

# linear: no nested repeats, bounded runs, and a name begins only where one may
_TAG: Final = re.compile(rf"<([A-Za-z][A-Za-z0-9-]{{0,40}})(?![A-Za-z0-9-])([^<>]{{0,{MAX_TAG}}})>")
_ATTRIBUTE: Final = re.compile(
    rf"""(?<![^\s"'/])([^\s"'<>/=]{{1,100}}+)\s{{0,9}}=\s{{0,9}}"""
    rf"""(?:"([^"]{{0,{MAX_VALUE}}})"|'([^']{{0,{MAX_VALUE}}})'|([^\s"'<>`]{{1,{MAX_VALUE}}}))"""
)


def tags(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield name, inside and end of each tag that opens, the name in lower case."""
    for count, found in enumerate(_TAG.finditer(text)):
        if count >= MAX_TAGS:
            return
        yield found[1].lower(), found[2], found.end()


def attributes(tag: str) -> dict[str, str]:
    """Return the attributes with a value that stand inside a tag, by lower-case name; the first of a name counts."""
    told: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(tag[:MAX_TAG]):
        told.setdefault(name.lower(), html.unescape(double or single or bare).strip())
    return told
