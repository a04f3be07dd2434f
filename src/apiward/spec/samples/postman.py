"""A Postman collection (2.0 and 2.1) as samples: folders, variables and log-ins are followed, scripts are not run."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.document import Document, Node
from apiward.spec.learning.texts import Look, look_of
from apiward.spec.samples.making import NoRequestError, sample_of
from apiward.spec.samples.sample import Sample

MAX_DEPTH: Final = 30
MAX_REQUESTS: Final = 5_000
MAX_TURNS: Final = 5
"""Times that a variable may lead to another one."""
MAX_TEXT: Final = 1_000_000
_VARIABLE: Final = re.compile(r"\{\{\s{0,5}([^{}\s]{1,100})\s{0,5}\}\}")
_PART: Final = re.compile(r"(?<=/)\{\{\s{0,5}([^{}\s]{1,100})\s{0,5}\}\}(?=/|\?|#|$)")
_BARE: Final = re.compile(r"(?<=[:\[,])(\s{0,20})\{\{[^{}\s]{1,100}\}\}(?=\s{0,20}[,}\]])")
_AUTH: Final = {"bearer": "bearer", "jwt": "bearer", "oauth2": "bearer", "basic": "basic"}

Variables = Mapping[str, str]


def is_postman(tree: dict[str, Json]) -> bool:
    """Whether a tree is a collection."""
    return isinstance(tree.get("item"), list) and isinstance(tree.get("info"), dict)


def postman_samples(document: Document) -> Iterator[Sample]:
    """Yield a sample for each request; what cannot be read becomes a problem."""
    top = document.top()
    waiting: list[tuple[Node, Variables, tuple[str, ...], int]] = [(top, {}, (), 0)]
    read = 0
    while waiting:
        node, known, shown, depth = waiting.pop()
        known = {**known, **_variables(node)}
        shown = _auth(node, shown)
        if node.child("request") is not None:
            read += 1
            if read > MAX_REQUESTS or document.journal.is_late():
                node.note("There are too many requests; from here on nothing was read.")
                return
            yield from _samples(node, known, shown)
        if node.has("item") and depth < MAX_DEPTH:
            waiting += [(below, known, shown, depth + 1) for below in reversed(list(node.elements("item")))]
        elif node.has("item"):
            node.note("Folders are nested too deeply; this one was not read.")


def _samples(item: Node, known: Variables, shown: tuple[str, ...]) -> Iterator[Sample]:
    request = item.child("request")
    try:
        if request is not None:
            yield _sample(item, request, known, shown)
    except NoRequestError as error:
        item.note(f"This request was left out: {error}.")


def _sample(item: Node, request: Node, known: Variables, shown: tuple[str, ...]) -> Sample:
    name = item.text("name")
    if isinstance(request.value, str):
        return sample_of("GET", filled(_templated(request.value, known), known), shown=shown, summary=name)
    url, known = _address(request, known)
    body, kind, form = _sent(request, known)
    status, answer, answer_type = _answered(item)
    return sample_of(
        request.text("method") or "GET",
        url,
        [(one.text("key"), filled(one.text("value"), known)) for one in _enabled(request, "header")],
        body=body,
        body_type=kind,
        form=form,
        status=status,
        answer=answer,
        answer_type=answer_type,
        shown=_auth(request, shown),
        summary=name,
    )


def filled(text: str, known: Variables) -> str:
    """Return a text with the values of its variables; what is not known stays. Values may name further variables."""
    for _ in range(MAX_TURNS):
        after = _VARIABLE.sub(lambda one: known.get(one[1], one[0]), text[:MAX_TEXT])
        if after == text or len(after) > MAX_TEXT:
            break
        text = after
    return text


def _address(request: Node, known: Variables) -> tuple[str, Variables]:
    url = request.child("url")
    if url is None:
        raise NoRequestError("it has no address")
    if isinstance(url.value, str):
        return filled(_templated(url.value, known), known), known
    raw = url.text("raw")
    if not raw:
        host = ".".join(url.texts("host"))
        raw = f"{url.text('protocol') or 'http'}://{host}/{'/'.join(url.texts('path'))}"
    raw = raw.partition("?")[0].partition("#")[0]
    pairs = [(one.text("key"), filled(one.text("value"), known)) for one in _enabled(url, "query")]
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs if name)
    return filled(_templated(raw, known), known) + (f"?{query}" if query else ""), known


def _templated(raw: str, known: Variables) -> str:
    """Return an address in which a part of the path that is one variable is `:name`, whatever its value is now."""

    def place(found: re.Match[str]) -> str:
        value = filled(found[0], known)
        is_fixed = "/" in value or look_of(value) in {Look.VERSION, Look.WORD}
        return found[0] if is_fixed and value != found[0] else f":{re.sub(r'[^A-Za-z0-9_]', '_', found[1])}"

    start = raw.find("/", raw.find("://") + 3 if "://" in raw else 0)
    return raw if start < 0 else raw[:start] + _PART.sub(place, raw[start:])


def _sent(request: Node, known: Variables) -> tuple[str, str, list[tuple[str, str]]]:
    body = request.child("body")
    if body is None or body.flag("disabled"):
        return "", "", []
    mode = body.text("mode")
    if mode in {"urlencoded", "formdata"}:
        pairs = [(one.text("key"), filled(one.text("value"), known)) for one in _enabled(body, mode)]
        return "", "multipart/form-data" if mode == "formdata" else "application/x-www-form-urlencoded", pairs
    if mode != "raw":
        return "", "", []
    text = filled(body.text("raw"), known)
    return _BARE.sub(r"\g<1>1", text), "", []


def _answered(item: Node) -> tuple[int, str, str]:
    """Return the first good answer that was saved: status, text and type."""
    for answer in item.elements("response") if isinstance(item.child("response"), Node) else ():
        status = answer.value.get("code") if isinstance(answer.value, dict) else None
        if isinstance(status, int) and not isinstance(status, bool) and 200 <= status < 300:
            kinds = [
                one.text("value") for one in answer.elements("header") if one.text("key").lower() == "content-type"
            ]
            return status, answer.text("body"), (kinds or ["application/json"])[0]
    return 0, "", ""


def _variables(node: Node) -> dict[str, str]:
    if not isinstance(node.value, dict) or not isinstance(node.value.get("variable"), list):
        return {}
    return {one.text("key") or one.text("id"): one.text("value") for one in _enabled(node, "variable")}


def _enabled(node: Node, key: str) -> Iterator[Node]:
    if not isinstance(node.value, dict) or not isinstance(node.value.get(key), list):
        return
    yield from (one for one in node.elements(key) if isinstance(one.value, dict) and not one.is_on("disabled"))


def _auth(node: Node, above: tuple[str, ...]) -> tuple[str, ...]:
    """Return how the requests below a node show who calls; what is said nearer counts."""
    auth = node.child("auth")
    if auth is None or not isinstance(auth.value, dict):
        return above
    kind = auth.text("type")
    if kind in _AUTH:
        return (_AUTH[kind],)
    if kind != "apikey":
        return () if kind == "noauth" else above
    said = auth.value.get("apikey")
    named = {one.text("key"): one.text("value") for one in _enabled(auth, "apikey")} if isinstance(said, list) else said
    if not isinstance(named, dict):
        return above
    return (f"{'query' if named.get('in') == 'query' else 'header'} {str(named.get('key') or 'x-api-key').lower()}",)


def _quoted(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26").replace("#", "%23").replace("+", "%2B").replace(" ", "%20")
