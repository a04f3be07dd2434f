import io
import json
import sys
from types import SimpleNamespace

import pytest

from apiward.app.reporting import print_process
from apiward.app.reporting.print_process import main, pdf_beside
from apiward.app.reporting.printing import NoPrinterError
from apiward.config.errors import AdvisedError

_BARE = (sys.executable, "-I", "-S", "-c")


def test_what_the_process_writes_is_the_pdf() -> None:
    command = (*_BARE, "import sys; sys.stdout.buffer.write(b'%PDF-' + sys.stdin.buffer.read())")
    assert pdf_beside("größe", command=command) == "%PDF-größe".encode()


@pytest.mark.parametrize("code", ["import sys; sys.exit(1)", "print('%PDF-'); raise SystemExit(2)", "print('no pdf')"])
def test_what_fails_is_told(code: str) -> None:
    with pytest.raises(AdvisedError, match="has failed"):
        pdf_beside("", command=(*_BARE, code))


def test_nobody_waits_for_ever() -> None:
    with pytest.raises(AdvisedError, match=r"longer than 0\.05 seconds"):
        pdf_beside("", most_s=0.05, command=(*_BARE, "import signal; signal.pause()"))


def test_where_nothing_prints_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps(["No PDF.", "It is missing.", "Install it."])
    with pytest.raises(NoPrinterError, match="It is missing"):
        pdf_beside("", command=(*_BARE, f"import sys; sys.stderr.write('noise\\n' + {told!r}); sys.exit(3)"))

    def missing(_: str) -> bytes:
        raise NoPrinterError("No PDF.", "It is missing.", "Install it.")

    said = io.StringIO()
    monkeypatch.setattr(print_process, "pdf_of", missing)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"<p>")))
    monkeypatch.setattr(sys, "stderr", said)
    assert main() == 3
    assert json.loads(said.getvalue()) == ["No PDF.", "It is missing.", "Install it."]


def test_the_process_prints_the_page_that_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(print_process, "pdf_of", lambda page: f"%PDF-{page}".encode())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("größe".encode())))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    assert main() == 0
    assert out.getvalue() == "%PDF-größe".encode()


@pytest.mark.long
def test_a_page_is_printed_beside() -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed")
    assert pdf_beside("<h1>a</h1>").startswith(b"%PDF-")
