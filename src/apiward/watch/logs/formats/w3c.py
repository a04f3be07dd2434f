"""The W3C form, as IIS and CloudFront write it: a line `#Fields:` says what stands where."""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from apiward.core.marks import ASN, COUNTRY
from apiward.watch.logs.model import MAX_LINE, SILENT, Entry, Flaw, LogReader, Wishes
from apiward.watch.logs.times import Times
from apiward.watch.logs.values import seconds_of, size_of, status_of

FIELDS: Final = "#Fields:"
_CLIENT: Final = ("c-ip", "x-client-ip")
_WANTED: Final = ("date", "time", "cs-method", "cs-uri-stem", "sc-status")
_COLUMNS: Final = (
    "date", "time", "c-ip", "cs-username", "cs-method", "cs-uri-stem", "cs-uri-query", "sc-status", "sc-bytes",
    "cs-bytes", "time-taken", "cs(User-Agent)", "x-forwarded-for", "c-country", "asn",
)  # fmt: skip


class W3cReader:
    """Reads what the last line with fields says; the fields are remembered, as a reader may go on in the middle."""

    def __init__(self, wishes: Wishes, heading: str = "") -> None:
        self._wishes = wishes
        self._times = Times(wishes.zone_s)
        self._places: tuple[int, ...] = ()
        self._count = 0
        self._unit_s = 1.0
        self._why = "a line #Fields: before this one"
        self.heading = ""
        if heading:
            self.read(heading)

    def read(self, line: str) -> Entry | Flaw:
        """Return what a line says."""
        if line.startswith("#") or not line.strip():
            if line.startswith(FIELDS):
                self._take(line)
            return SILENT
        if not self._places:
            return Flaw(self._why, line[:60])
        cells = line.rstrip("\r").split("\t" if "\t" in line else " ") if len(line) <= MAX_LINE else []
        if len(cells) != self._count:
            return Flaw(f"{self._count} fields", f"{len(cells)} fields")
        return self._entry([*cells, ""])

    def _entry(self, cells: list[str]) -> Entry | Flaw:
        (date, time, client, user, method, stem, query, status, answer, sent, took, agent, forwarded, country, asn,
         named, token) = [cells[at] for at in self._places]  # fmt: skip
        at_s, code = self._times.iso(f"{date}T{time}"), status_of(status)
        if at_s is None or code is None:
            return Flaw("a time" if at_s is None else "a status", f"{date} {time}" if at_s is None else status[:60])
        target = stem if query in {"", "-"} else f"{stem}?{query}"
        marks = [(name, text) for name, text in ((COUNTRY, country), (ASN, asn)) if text not in {"", "-"}]
        return Entry(
            at_s, client, _known(user), _known(method), target, code, size_of(answer), size_of(sent),
            seconds_of(took, self._unit_s), unquote(agent).replace("+", " "), _known(forwarded), _known(named),
            _known(token), "", tuple(marks),
        )  # fmt: skip

    def _take(self, line: str) -> None:
        names = [name.strip() for name in line[len(FIELDS) :].split()][:200]
        at = {name.lower(): place for place, name in enumerate(names)}
        missing = [name for name in _WANTED if name not in at]
        if missing or not any(name in at for name in _CLIENT):
            self._places, self._why = (), f"fields {', '.join(missing or _CLIENT[:1])} in the line #Fields:"
            return
        self.heading, self._count = line.rstrip("\r")[:MAX_LINE], len(names)
        self._unit_s = 1.0 if "x-edge-location" in at else 1e-3
        place = _places(at, self._count)
        wanted = [place(name.lower()) for name in _COLUMNS]
        wanted[2] = next(at[name] for name in _CLIENT if name in at)
        wishes = self._wishes
        if wishes.forwarded:
            wanted[12] = place(_field(wishes.forwarded, at))
        self._places = (*wanted, place(_field(wishes.principal, at)), place(_field(wishes.token, at)))


def _places(at: dict[str, int], count: int) -> Callable[[str], int]:
    return lambda name: at.get(name, count)


def _field(wished: str, at: dict[str, int]) -> str:
    """Return the column that the settings mean: by its name, or by that of the header in it."""
    name = wished.lower()
    return name if name in at else f"cs({name})"


def _known(text: str) -> str:
    return "" if text == "-" else text


def w3c_reader(wishes: Wishes) -> LogReader:
    """Return what reads this form from its beginning."""
    return W3cReader(wishes)
