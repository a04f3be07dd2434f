"""The HTTP log of HAProxy, as it comes by syslog or bare, with or without captured headers."""

from typing import Final

from apiward.watch.logs.model import Entry, Flaw, LogReader, Wishes
from apiward.watch.logs.templates.compiled import TemplateReader
from apiward.watch.logs.templates.haproxy import haproxy_parts

_BEFORE: Final = "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq "
_HEADERS: Final = ("{%hr} {%hs} ", "{%hr} ", "")
_MARK: Final = "haproxy["
_LONGEST_HEAD: Final = 200
_NO_REQUEST: Final = ("Connect from ", "Proxy ", "Server ", "backend ", "Health check ")


class HaproxyReader:
    """Reads lines of HAProxy; what it says of its servers and of itself is left out."""

    heading: Final = ""

    def __init__(self, wishes: Wishes) -> None:
        self._forms = [TemplateReader(haproxy_parts(f'{_BEFORE}{middle}"%r"'), wishes) for middle in _HEADERS]
        self._last = self._forms[0]

    def read(self, line: str) -> Entry | Flaw:
        """Return what a line says."""
        text = _without_head(line)
        found = self._last.read(text)
        if isinstance(found, Entry):
            return found
        if text.startswith(_NO_REQUEST):
            return Flaw("a request", text[:60], is_silent=True)
        for form in self._forms:
            other = form.read(text)
            if isinstance(other, Entry):
                self._last = form
                return other
        return found


def _without_head(line: str) -> str:
    at = line.find(_MARK, 0, _LONGEST_HEAD)
    end = line.find("]: ", at, at + 30) if at >= 0 else -1
    return line[end + 3 :] if end >= 0 else line


def haproxy_reader(wishes: Wishes) -> LogReader:
    """Return what reads the HTTP log of HAProxy."""
    return HaproxyReader(wishes)
