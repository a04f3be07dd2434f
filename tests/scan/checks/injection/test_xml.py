import io
import xml.sax  # the weak twins read documents as careless programs do
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl
from xml.sax.handler import ContentHandler, feature_external_ges  # as above

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from apiward.scan.checks.injection.xml import CHECK
from apiward.scan.level import Level
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import description, operation, scan_app
from tests.scan.small_api import Case, Pair

ORDER = "<order><item>Tea</item><amount>2</amount></order>"


class _Texts(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def characters(self, content: str) -> None:
        self.found.append(content)


def _texts(document: bytes, *, reads_files: bool) -> str:
    texts = _Texts()
    reader = xml.sax.make_parser()  # as above
    reader.setFeature(feature_external_ges, reads_files)
    reader.setContentHandler(texts)
    reader.parse(io.BytesIO(document))
    return "".join(texts.found)


def taking(*, how: str, declared: str = "application/xml", shows: bool = True) -> Pair:
    """Return an API that takes orders as documents, and says what it has read."""

    async def order(request: Request) -> Response:
        document = await request.body()
        if "xml" not in request.headers.get("content-type", ""):
            return JSONResponse({"read": await request.json()} if declared == "application/json" else {}, 200)
        if how == "json only":
            return JSONResponse({"detail": "JSON, please"}, 415)
        if how == "refusing" and b"<!" in document:
            return JSONResponse({"detail": "no declarations"}, 422)
        try:
            text = _texts(document, reads_files=how == "weak")
        except xml.sax.SAXException:
            return JSONResponse({"detail": "not readable"}, 400)
        return JSONResponse({"read": text if shows else "all"})

    described = operation(body={"item": "string", "note": "string"}, media_type=declared)
    if declared != "application/json":
        described["requestBody"]["content"][declared] = {"schema": {"type": "string", "example": ORDER}}
    return Starlette(routes=[Route("/orders", order, methods=["POST"])]), description({"/orders": {"post": described}})


def taking_in_a_form(*, weak: bool) -> Pair:
    """Return an API that takes a document as one field of a form."""

    async def read(request: Request) -> Response:
        found = dict(parse_qsl((await request.body()).decode()))
        try:
            text = _texts(found.get("xml", "").encode(), reads_files=weak)
        except xml.sax.SAXException:
            return JSONResponse({"detail": "not readable"}, 400)
        return JSONResponse({"read": text})

    described = operation(body={"xml": "string"}, media_type="application/x-www-form-urlencoded")
    return Starlette(routes=[Route("/parse", read, methods=["POST"])]), description({"/parse": {"post": described}})


TRIGGERS: tuple[Case, ...] = (
    ("a document as described", partial(taking, how="weak")),
    ("a document in a form", partial(taking_in_a_form, weak=True)),
    ("a document nobody asked for", partial(taking, how="weak", declared="application/json")),
)
SILENT: tuple[Case, ...] = (
    ("entities inside only", partial(taking, how="inside only")),
    ("a document in a form", partial(taking_in_a_form, weak=False)),
    ("no declarations", partial(taking, how="refusing")),
    ("JSON only", partial(taking, how="json only", declared="application/json")),
    ("nothing is shown", partial(taking, how="weak", shows=False)),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_at_level_read_no_document_is_sent() -> None:
    app, described = taking(how="weak")
    assert not scan_app(app, described, [CHECK], level=Level.READ).broken()
