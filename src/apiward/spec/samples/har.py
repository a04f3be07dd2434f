"""A recording of a browser or a proxy (HAR 1.2) as samples: what it called, without pictures and pages."""

from collections.abc import Iterator
from typing import Final

from apiward.core.jsonvalue import Json
from apiward.spec.document import Document, Node
from apiward.spec.samples.files import is_file, is_script
from apiward.spec.samples.making import NoRequestError, sample_of
from apiward.spec.samples.sample import Sample

MAX_ENTRIES: Final = 20_000
_PAGES: Final = (
    *("text/html", "text/css", "image/", "font/", "video/", "audio/", "application/wasm"),
    *("text/javascript", "application/javascript", "application/x-javascript"),
)


def is_har(tree: dict[str, Json]) -> bool:
    """Whether a tree is a recording."""
    log = tree.get("log")
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def har_samples(document: Document) -> Iterator[Sample]:
    """Yield a sample for each request of a program; what cannot be read becomes a problem."""
    log = document.top().child("log")
    for count, entry in enumerate(log.elements("entries") if log is not None else ()):
        if count >= MAX_ENTRIES or document.journal.is_late():
            entry.note("There are too many entries; from here on nothing was read.")
            return
        request = entry.child("request")
        if request is None or not request.text("url").startswith(("http://", "https://")):
            continue
        try:
            sample = _sample(request, entry.child("response"))
        except NoRequestError as error:
            entry.note(f"This request was left out: {error}.")
            continue
        if not _is_page(sample, entry.child("response")):
            yield sample


def _sample(request: Node, response: Node | None) -> Sample:
    sent, content = request.child("postData"), response.child("content") if response is not None else None
    status = response.value.get("status") if response is not None and isinstance(response.value, dict) else 0
    return sample_of(
        request.text("method") or "GET",
        request.text("url"),
        _pairs(request, "headers"),
        body=sent.text("text") if sent is not None else "",
        body_type=sent.text("mimeType") if sent is not None else "",
        form=_pairs(sent, "params") if sent is not None and not sent.text("text") else (),
        status=status if isinstance(status, int) and not isinstance(status, bool) else 0,
        answer=content.text("text") if content is not None and not content.has("encoding") else "",
        answer_type=content.text("mimeType") if content is not None else "",
    )


def _pairs(node: Node, key: str) -> list[tuple[str, str]]:
    return [(one.text("name"), one.text("value")) for one in node.elements(key) if one.has("name")]


def _is_page(sample: Sample, response: Node | None) -> bool:
    if sample.method != "GET":
        return False
    content = response.child("content") if response is not None else None
    kind = content.text("mimeType").lower() if content is not None else ""
    return kind.startswith(_PAGES) or is_file(sample.path) or is_script(sample.path)
