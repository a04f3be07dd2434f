"""What one answer tells of others: links and forms of a page, references in JSON, robots.txt, a sitemap, headers."""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.exchange import Response
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, leaves, parse_json
from apiward.spec.discovery.clues import Clue, plain_target
from apiward.spec.discovery.scripts import FORM, MULTIPART, bases, script_clues
from apiward.spec.samples.files import is_file

MAX_PAGE: Final = 2_000_000
MAX_LINKS: Final = 400
MAX_FORM: Final = 20_000
MAX_SOURCES: Final = 400

# every pattern is linear: no nested repeats, bounded runs
_ATTRIBUTE: Final = re.compile(
    r"""(?i)\b(?:href|src|action|data-(?:url|href|src|action|api|endpoint)|hx-(?:get|post|put|patch|delete))\s{0,9}=\s{0,9}["']([^"'<>\s]{1,300})["']"""
)
_HX: Final = re.compile(r"""(?i)\bhx-(get|post|put|patch|delete)\s{0,9}=\s{0,9}["']([^"'<>\s]{1,300})["']""")
_FORM_TAG: Final = re.compile(r"(?i)<form\b([^<>]{0,1000})>")
_FIELD: Final = re.compile(r"(?i)<(?:input|select|textarea)\b([^<>]{0,800})>")
_NAMED: Final = re.compile(r"""(?i)(?<![\w-])(name|type|method|action|enctype)\s{0,9}=\s{0,9}["']?([^"'<>\s]{1,300})""")
_LINK: Final = re.compile(r"<([^<>\s]{1,300})>")
_ROBOTS: Final = re.compile(r"(?im)^[ \t]{0,9}(?:dis)?allow[ \t]{0,9}:[ \t]{0,9}(/[^\s#*$]{0,200})")
_SITEMAP: Final = re.compile(r"(?im)^[ \t]{0,9}sitemap[ \t]{0,9}:[ \t]{0,9}(\S{1,300})")
_LOC: Final = re.compile(r"(?i)<loc>\s{0,20}([^<>\s]{1,300})\s{0,20}</loc>")
_MAP: Final = re.compile(r"(?m)^[ \t]{0,9}//[#@] ?sourceMappingURL=([^\s\"'<>]{1,300})")
_REFERENCE: Final = re.compile(r"(?:https?://[^\s/]{1,200})?/[^\s\"'<>\\]{0,300}")
_BUTTONS: Final = frozenset({"submit", "button", "reset", "image"})


def links(response: Response) -> tuple[str, ...]:
    """Return the addresses to read next that an answer names, as written: pages, scripts, maps, sitemaps."""
    text = response.text[:MAX_PAGE]
    found: list[str] = [address for line in response.all_headers("link") for address in _LINK.findall(line[:5_000])]
    found += [line for name in ("sourcemap", "x-sourcemap", "location") if (line := response.header(name))]
    kind = response.media_type
    if "html" in kind:
        found += [match[1].replace("&amp;", "&") for match in _ATTRIBUTE.finditer(text)]
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
        yield from (Clue(plain_target(target)[0], verb.upper()) for verb, target in _HX.findall(text))
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


def _forms(text: str) -> Iterator[Clue]:
    for count, form in enumerate(_FORM_TAG.finditer(text)):
        if count >= MAX_LINKS:
            return
        said = {name.lower(): value for name, value in _NAMED.findall(form[1])}
        close = text.find("</form", form.end(), form.end() + MAX_FORM)
        inner = text[form.end() : close if close >= 0 else form.end() + MAX_FORM]
        names = tuple(dict.fromkeys(_field_names(inner)))
        method = said.get("method", "get").upper()
        target = plain_target(said.get("action", ""))[0]
        if method == "GET":
            yield Clue(target, "GET", names)
        else:
            body: dict[str, Json] = dict.fromkeys(names, "")
            kind = MULTIPART if "multipart" in said.get("enctype", "") else FORM
            yield Clue(target, "POST", body_type=kind, body=body or parse_json("{}"))


def _field_names(inner: str) -> Iterator[str]:
    for field in _FIELD.findall(inner):
        said = {name.lower(): value for name, value in _NAMED.findall(field)}
        if "name" in said and said.get("type", "").lower() not in _BUTTONS:
            yield said["name"]
