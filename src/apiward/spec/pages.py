"""Finding the address of a description, or the description itself, in a page, a script or a header."""

import json
import re
from collections.abc import Iterator
from typing import Final

from apiward.core.exchange import Response
from apiward.core.jsonvalue import Json, walk
from apiward.spec.markup import attributes, tags

MAX_PAGE: Final = 3_000_000
MAX_FOUND: Final = 12

# every pattern is linear: no nested repeats, bounded runs
_TOLD: Final = r"""\s{0,9}["'`]([^"'`\s<>]{1,500})["'`]"""
_SURE: Final = (
    re.compile(rf"(?i)\b(?:spec-url|spec_url|specurl|apiDescriptionUrl|openapi_url|swagger_url)\s{{0,9}}[=:]{_TOLD}"),
    re.compile(rf"(?i)\bRedoc\.init\({_TOLD}"),
)
# these also carry the addresses of buttons and calls, so what they tell must look like a description
_LOOSE: Final = (
    re.compile(rf"(?i)[\"']?\b(?:data-url|url|configUrl)[\"']?\s{{0,9}}[:=]{_TOLD}"),
    re.compile(rf"(?i)\b(?:const|let|var)\s{{1,9}}\w{{0,40}}\s{{0,9}}={_TOLD}"),
    re.compile(rf"(?i)\b(?:href|src)\s{{0,9}}={_TOLD}"),
)
_LOOKS_RIGHT: Final = re.compile(
    r"(?i)openapi|swagger[^?]{0,60}\.(?:json|ya?ml)|swagger-config|api-?docs|api-?spec|docs-json"
    r"|/(?:schema|spec)/?(?:$|\?)|\.ya?ml(?:$|\?)|(?:spec|schema|docs|api)[\w-]{0,30}\.json(?:$|\?)"
)
_SCRIPTS: Final = re.compile(
    r"""(?i)\bsrc\s{0,9}=\s{0,9}["']([^"'\s<>]{0,400}(?:swagger-ui-init|swagger-initializer)[^"'\s<>]{0,90})["']"""
)
_LINK: Final = re.compile(r"<([^<>]{1,500})>([^<>]{0,500})")
_EMBEDDED: Final = re.compile(r"""["']?\b(?:swaggerDoc|spec|content)["']?\s{0,9}:\s{0,9}(?=\{)""")
_RELATIONS: Final = ("service-desc", "describedby")


def embedded_description(text: str) -> bytes | None:
    """Return the description that stands in a script or page itself (`"swaggerDoc": {…}`), if one does."""
    decoder = json.JSONDecoder()
    for count, start in enumerate(_EMBEDDED.finditer(text[:MAX_PAGE])):
        if count >= MAX_FOUND:
            break
        try:
            tree, _ = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(tree, dict) and ("openapi" in tree or "swagger" in tree):
            return json.dumps(tree).encode()
    return None


def told_addresses(response: Response) -> tuple[str, ...]:
    """Return the addresses a response gives for its description, as written, the surest first."""
    text = response.text[:MAX_PAGE]
    found = [*_header_links(response), *_link_tags(text), *_catalogued(response)]
    found.extend(match[1] for pattern in _SURE for match in pattern.finditer(text))
    found.extend(match[1] for match in _SCRIPTS.finditer(text))
    loose = (match[1] for pattern in _LOOSE for match in pattern.finditer(text))
    found.extend(address for address in loose if _LOOKS_RIGHT.search(address))
    return tuple(dict.fromkeys(found))[:MAX_FOUND]


def _header_links(response: Response) -> Iterator[str]:
    """Yield what `Link` headers tell (RFC 8288): `<…>; rel="service-desc"` (RFC 8631)."""
    for header in response.all_headers("link"):
        for address, parameters in _LINK.findall(header[:10_000]):
            if any(relation in parameters.lower() for relation in _RELATIONS):
                yield address


def _link_tags(text: str) -> Iterator[str]:
    for name, inside, _ in tags(text):
        said = attributes(inside) if name == "link" else {}
        if said.get("rel", "").lower() in _RELATIONS and said.get("href"):
            yield said["href"]


def _catalogued(response: Response) -> Iterator[str]:
    """Yield addresses of a linkset (RFC 9727) or of the old Springfox list of resources."""
    if "json" not in response.media_type:
        return
    tree = response.json()
    if not isinstance(tree, dict | list):
        return
    for _, node in walk(tree):
        if isinstance(node, dict):
            yield from _linked(node)


def _linked(node: dict[str, Json]) -> Iterator[str]:
    links = node.get("service-desc")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and isinstance(link.get("href"), str):
            yield str(link["href"])
    if "swaggerVersion" in node and isinstance(node.get("location"), str):
        yield str(node["location"])
