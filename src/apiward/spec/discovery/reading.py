"""What one answer tells of others: links and forms of a page, references in JSON, robots.txt, a sitemap, headers."""

import html
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from apiward.core.exchange import Response
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, leaves, parse_json
from apiward.spec.discovery.clues import MAX_TARGET, Clue, plain_target
from apiward.spec.discovery.scripts import FORM, MULTIPART, bases, script_clues
from apiward.spec.markup import attributes, tags
from apiward.spec.samples.files import is_file

MAX_PAGE: Final = 2_000_000
MAX_LINKS: Final = 400
MAX_FORM: Final = 20_000
MAX_SOURCES: Final = 400

# every pattern is linear: no nested repeats, bounded runs
_ADDRESS: Final = re.compile(
    r"href|src|action|data-(?:url|href|src|action|api|endpoint)|hx-(?:get|post|put|patch|delete)"
)
_HX: Final = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
# what programs of a page write, outside of tags: `script.src = "/app.js"`
_WRITTEN: Final = re.compile(
    r"""(?i)\b(?:href|src|action|data-(?:url|href|src|action|api|endpoint))\s{0,9}=\s{0,9}["']([^"'<>\s]{1,300})["']"""
)
_LINK: Final = re.compile(r"<([^<>\s]{1,300})>")
_ROBOTS: Final = re.compile(r"(?im)^[ \t]{0,9}(?:dis)?allow[ \t]{0,9}:[ \t]{0,9}(/[^\s#*$]{0,200})")
_SITEMAP: Final = re.compile(r"(?im)^[ \t]{0,9}sitemap[ \t]{0,9}:[ \t]{0,9}(\S{1,300})")
_LOC: Final = re.compile(r"(?i)<loc>\s{0,20}([^<>\s]{1,300})\s{0,20}</loc>")
_MAP: Final = re.compile(r"(?m)^[ \t]{0,9}//[#@] ?sourceMappingURL=([^\s\"'<>]{1,300})")
_REFERENCE: Final = re.compile(r"(?:https?://[^\s/]{1,200})?/[^\s\"'<>\\]{0,300}")
_VALUE: Final = re.compile(r"[^\s\"'<>]{1,300}")
_FIELDS: Final = frozenset({"input", "select", "textarea"})
_BUTTONS: Final = frozenset({"submit", "button", "reset", "image"})


def links(response: Response) -> tuple[str, ...]:
    """Return the addresses to read next that an answer names, as written: pages, scripts, maps, sitemaps."""
    text = response.text[:MAX_PAGE]
    found: list[str] = [address for line in response.all_headers("link") for address in _LINK.findall(line[:5_000])]
    found += [line for name in ("sourcemap", "x-sourcemap", "location") if (line := response.header(name))]
    kind = response.media_type
    if "html" in kind:
        found += [value for _, said in _tags(text) for name, value in said.items() if _is_address(name, value)]
        found += [html.unescape(match[1]) for match in _WRITTEN.finditer(text)]
    if "xml" in kind or text.lstrip()[:5] == "<?xml":
        found += _LOC.findall(text)
    if "javascript" in kind:
        found += _MAP.findall(text[-4_000:])
    if kind == "text/plain":
        found += [*_SITEMAP.findall(text), *_ROBOTS.findall(text)]
    return tuple(dict.fromkeys(found))[:MAX_LINKS]


def clues(response: Response) -> Iterator[Clue]:
    """Yield what an answer tells of operations."""
    text = response.text[:MAX_PAGE]
    if "html" in response.media_type:
        yield from _forms(text)
        for _, said in _tags(text):
            told = (name for name in _HX if name in said and _is_address(name, said[name]))
            yield from (Clue(plain_target(said[name])[0], name[3:].upper()) for name in told)
        yield from script_clues(text)
    elif "javascript" in response.media_type:
        yield from script_clues(text)
    elif response.media_type == "text/plain":
        yield from (Clue(plain_target(path)[0]) for path in _ROBOTS.findall(text)[:MAX_LINKS])
    else:
        value = response.json()
        if not isinstance(value, NotJson):
            yield from (source for text in _sources(value) for source in script_clues(text))
            yield from references(value)


def told_bases(response: Response) -> Iterator[str]:
    """Yield the addresses that programs of a page put before what they call."""
    if "html" in response.media_type or "javascript" in response.media_type:
        yield from bases(response.text[:MAX_PAGE])
        return
    value = response.json() if is_source_map(response) else NOT_JSON
    if not isinstance(value, NotJson):
        for text in _sources(value):
            yield from bases(text)


def references(value: Json) -> Iterator[Clue]:
    """Yield the addresses that JSON names: `{"next": "/orders?page=2"}`."""
    for count, (_, leaf) in enumerate(leaves(value)):
        if count >= 50 * MAX_LINKS:
            return
        if isinstance(leaf, str) and _REFERENCE.fullmatch(leaf):
            target, is_based = plain_target(leaf)
            target, _, query = target.partition("?")
            names = tuple(pair.partition("=")[0] for pair in query.split("&")[:20] if pair)
            if target.count("/") >= 1 and not is_based and not is_file(target):
                yield Clue(target, query=names)


def is_source_map(response: Response) -> bool:
    """Whether an answer is the source map of a script (ECMA-426)."""
    start = response.body[:2_000]
    return b'"version"' in start and (b'"sources"' in start or b'"mappings"' in start or b'"sourcesContent"' in start)


def _sources(value: Json) -> Iterator[str]:
    contents = value.get("sourcesContent") if isinstance(value, dict) and "sources" in value else None
    for text in contents[:MAX_SOURCES] if isinstance(contents, list) else ():
        if isinstance(text, str):
            yield text


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    return ((name, attributes(inside)) for name, inside, _ in tags(text) if "=" in inside)


def _is_address(name: str, value: str) -> bool:
    return _ADDRESS.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None


def _forms(text: str) -> Iterator[Clue]:
    forms = ((inside, end) for name, inside, end in tags(text) if name == "form")
    for inside, end in islice(forms, MAX_LINKS):
        said = attributes(inside)
        close = text.find("</form", end, end + MAX_FORM)
        names = tuple(dict.fromkeys(_field_names(text[end : close if close >= 0 else end + MAX_FORM])))
        target = plain_target(said.get("action", "")[:MAX_TARGET])[0]
        if (said.get("method") or "get").lower() == "get":
            yield Clue(target, "GET", names)
        else:
            body: dict[str, Json] = dict.fromkeys(names, "")
            kind = MULTIPART if "multipart" in said.get("enctype", "") else FORM
            yield Clue(target, "POST", body_type=kind, body=body or parse_json("{}"))


def _field_names(inner: str) -> Iterator[str]:
    for name, said in _tags(inner):
        is_field = name in _FIELDS and said.get("type", "").lower() not in _BUTTONS
        if is_field and _VALUE.fullmatch(said.get("name", "")):
            yield said["name"]
