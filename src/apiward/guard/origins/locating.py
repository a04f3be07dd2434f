"""Which network and country an address belongs to, from database files that the owner has fetched.

Two forms are read: tables (`start<TAB>end<TAB>number<TAB>country…` as of ip2asn, or with commas, or with one of the two
alone), and MaxMind's files (`.mmdb`) where the package `maxminddb` is installed.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Final, Protocol, TypeAlias, cast

from apiward.core.marks import ASN, COUNTRY
from apiward.guard.origins.addresses import Address, read_address

Marks: TypeAlias = tuple[tuple[str, str], ...]

MOST_BYTES: Final = 256 * 1024 * 1024
MOST_LINES: Final = 4_000_000
_MOST_KEPT: Final = 8_192
_V6_BITS: Final = 64
"""Of IPv6 the first half counts: nobody has less than that."""
_Row: TypeAlias = tuple[int, int, int, int]
"""The first and the last address, the number of the network, and which of the names its country has."""
_END: Final[_Row] = (2**64, 2**64, 0, 0)
"""Stands behind all ranges."""


class Locating:
    """Says where addresses are; what was found is kept for the most recent ones."""

    def __init__(self, sources: "tuple[_Source, ...]") -> None:
        self._sources = sources
        self._known: dict[str, Marks] = {}

    def marks(self, client: str) -> Marks:
        """Return the marks of an address: its network's number and its country, as far as they are known."""
        known = self._known.get(client)
        if known is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            known = self._known[client] = self._found(client)
        return known

    def _found(self, client: str) -> Marks:
        address = read_address(client)
        if address is None:
            return ()
        asn = country = ""
        for source in self._sources:
            found = source.find(address)
            asn, country = asn or found[0], country or found[1]
        return tuple((name, value) for name, value in ((ASN, asn), (COUNTRY, country)) if value)


def load_locating(provider_file: str = "", country_file: str = "") -> Locating | None:
    """Return what reads these files, None where there are none. Raises ValueError where one cannot be used."""
    files = {"provider_file": provider_file, "country_file": country_file if country_file != provider_file else ""}
    sources = tuple(_opened(setting, Path(name)) for setting, name in files.items() if name)
    return Locating(sources) if sources else None


class _Source(Protocol):
    def find(self, address: Address) -> tuple[str, str]: ...


def _opened(setting: str, path: Path) -> _Source:
    try:
        stat = path.stat()
        return _loaded(path, stat.st_mtime_ns, stat.st_size)
    except (OSError, ImportError, ValueError) as error:
        raise ValueError(f"{setting}: {path.name} cannot be read: {error}") from error


@lru_cache(maxsize=4)
def _loaded(path: Path, changed_ns: int, size: int) -> _Source:  # noqa: ARG001 - a changed file is another one
    if size > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 1024 // 1024} MB")
    return _MaxMind(path) if path.suffix == ".mmdb" else _Table(path)


class _Table:
    """Ranges in order, in arrays of numbers: some thirty bytes for each."""

    def __init__(self, path: Path) -> None:
        self._names: list[str] = [""]
        ids: dict[str, int] = {"": 0}
        rows: dict[int, list[_Row]] = {4: [], 6: []}
        with path.open(encoding="utf-8", newline="") as file:
            for version, first, last, asn, country in _ranges(file):
                name = ids.setdefault(country, len(ids))
                rows[version].append((first, last, asn, name))
        self._names = list(ids)
        for some in rows.values():
            some.sort(key=lambda row: (row[0], -row[1]))
        self._columns = {
            version: tuple(array("Q", column) for column in zip(*_apart(some), strict=True))
            for version, some in rows.items()
        }

    def find(self, address: Address) -> tuple[str, str]:
        columns = self._columns[address.ip.version]
        if not columns:
            return "", ""
        starts, ends, numbers, names = columns
        number = _position(address.ip)
        at = bisect_right(starts, number) - 1
        if at < 0 or number > ends[at]:
            return "", ""
        return str(numbers[at] or ""), self._names[names[at]]


def _apart(rows: list[_Row]) -> Iterator[_Row]:
    """Yield ranges that do not overlap: where one lies in another, it counts, as it says more. `rows` are in order."""
    open_rows: list[_Row] = []
    begin = 0
    for row in [*rows, _END]:
        while open_rows and open_rows[-1][1] < row[0]:
            _, last, asn, name = open_rows.pop()
            if begin <= last:
                yield begin, last, asn, name
                begin = last + 1
        if open_rows and begin < row[0]:
            yield begin, row[0] - 1, *open_rows[-1][2:]
        begin = row[0]
        open_rows.append(row)


def _ranges(lines: Iterator[str]) -> Iterator[tuple[int, int, int, int, str]]:
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            raise ValueError(f"it has more than {MOST_LINES:,} lines")
        cells = [cell.strip().strip('"') for cell in line.replace("\t", ",").split(",", 4)]
        if len(cells) < 3 or line.startswith("#"):
            continue
        first, last = read_address(cells[0]), read_address(cells[1])
        asn, country = _meant(cells[2:4])
        if first is None or last is None or first.ip.version != last.ip.version:
            if number == 1 and not asn and first is last is None:
                continue  # the names of the columns
            raise ValueError(f"line {number} does not begin with two addresses")
        if asn or country:
            yield first.ip.version, _position(first.ip), _position(last.ip), asn, country


def _meant(cells: list[str]) -> tuple[int, str]:
    asn, country = 0, ""
    for cell in cells:
        digits = cell.upper().removeprefix("AS")
        if digits.isdecimal() and len(digits) <= 10:
            asn = int(digits)
        elif len(cell) == 2 and cell.isascii() and cell.isalpha():
            country = cell.upper()
    return asn, country


def _position(ip: IPv4Address | IPv6Address) -> int:
    return int(ip) >> _V6_BITS if isinstance(ip, IPv6Address) else int(ip)


class _MaxMindReader(Protocol):
    """The part of `maxminddb.Reader` that is used here."""

    def get(self, address: str) -> Mapping[str, object] | None: ...


class _MaxMind:
    def __init__(self, path: Path) -> None:
        self._reader = cast("_MaxMindReader", import_module("maxminddb").open_database(str(path)))

    def find(self, address: Address) -> tuple[str, str]:
        found = self._reader.get(address.text) or {}
        asn, country = found.get("autonomous_system_number"), found.get("country")
        code = country.get("iso_code") if isinstance(country, Mapping) else ""
        return str(asn or ""), code if isinstance(code, str) else ""
