import socket
import sys
from collections.abc import Sequence
from types import ModuleType

import pytest

from apiward.app.reporting.printing import NoPrinterError, pdf_of


def test_a_page_becomes_a_pdf_that_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class URLFetcher:
        def __init__(self, allowed_protocols: Sequence[str]) -> None:
            self.allowed = allowed_protocols

    class HTML:
        def __init__(self, string: str, url_fetcher: URLFetcher) -> None:
            self.page, self.fetcher = string, url_fetcher

        def write_pdf(self) -> bytes:
            assert self.fetcher.allowed == ()
            return f"%PDF-1.7 {self.page}".encode()

    module, urls = ModuleType("weasyprint"), ModuleType("weasyprint.urls")
    monkeypatch.setattr(module, "HTML", HTML, raising=False)
    monkeypatch.setattr(urls, "URLFetcher", URLFetcher, raising=False)
    monkeypatch.setitem(sys.modules, "weasyprint", module)
    monkeypatch.setitem(sys.modules, "weasyprint.urls", urls)
    assert pdf_of("<p>a</p>") == b"%PDF-1.7 <p>a</p>"


def test_with_the_library_itself_it_is_a_pdf_and_nobody_is_asked() -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed: PDF is tried with a stand-in alone")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        assert pdf_of(f"<h1>a</h1><img src='{address}'><img src='file:///etc/passwd'>").startswith(b"%PDF-")
        with pytest.raises(BlockingIOError):
            server.accept()


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
