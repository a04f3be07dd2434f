import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from apiward.app.reporting.printing import NoPrinterError, pdf_of


def test_a_page_becomes_a_pdf_that_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class HTML:
        def __init__(self, string: str, url_fetcher: Callable[[str], object]) -> None:
            asked.append(string)
            with pytest.raises(ValueError, match="a report loads nothing"):
                url_fetcher("http://127.0.0.1/x.css")

        def write_pdf(self) -> bytes:
            return b"%PDF-1.7"

    module = ModuleType("weasyprint")
    monkeypatch.setattr(module, "HTML", HTML, raising=False)
    monkeypatch.setitem(sys.modules, "weasyprint", module)
    assert pdf_of("<p>a</p>") == b"%PDF-1.7"
    assert asked == ["<p>a</p>"]


def test_with_the_library_itself_it_is_a_pdf() -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed: PDF is tried with a stand-in alone")
    assert pdf_of("<h1>a</h1><img src='http://127.0.0.1:9/x.png'>").startswith(b"%PDF-")


def test_where_it_is_missing_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(NoPrinterError, match=r"weasyprint is not installed\. Install it: pip install 'apiward\[pdf\]'"):
        pdf_of("")


def test_where_what_it_needs_is_missing_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise OSError("cannot load library 'libpango-1.0-0'\nand more of it")

    monkeypatch.setitem(sys.modules, "weasyprint", Broken("weasyprint"))
    with pytest.raises(NoPrinterError, match=r"cannot load library 'libpango-1\.0-0'\. On Debian"):
        pdf_of("")
