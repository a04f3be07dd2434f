"""A page as PDF. The library that prints is not always there, and loads nothing from anywhere."""

from collections.abc import Callable
from typing import Final, NoReturn, TypeAlias

from apiward.config.errors import AdvisedError

Printer: TypeAlias = Callable[[str], bytes]
PANGO: Final = "On Debian it also needs: apt-get install libpango-1.0-0 libpangoft2-1.0-0"


class NoPrinterError(AdvisedError):
    """This computer cannot write PDF."""


def pdf_of(page: str) -> bytes:
    """Return an HTML page as PDF. Raises AdvisedError where WeasyPrint, or what it needs, is missing."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - an extra, and slow to load
    except ModuleNotFoundError as error:
        why = f"The package {error.name} is not installed."
        advice = f"Install it: pip install 'apiward[pdf]'. {PANGO}. Or write HTML, and print it from your browser."
        raise NoPrinterError("No PDF can be written here.", why, advice) from None
    except OSError as error:  # its libraries for text
        why = f"{str(error).splitlines()[0][:200]}."
        raise NoPrinterError("No PDF can be written here.", why, f"{PANGO}. Or write HTML, and print it.") from None
    printed = HTML(string=page, url_fetcher=_nothing).write_pdf()
    return bytes(printed)


def _nothing(url: str, *_: object, **__: object) -> NoReturn:
    """Refuse to load: a report is whole by itself."""
    raise ValueError(f"a report loads nothing, and not {url[:60]}")
