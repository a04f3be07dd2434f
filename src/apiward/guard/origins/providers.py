"""Networks of whole providers (autonomous systems), from a database file that the owner has fetched.

Two forms are read: the tables of ip2asn (`start<TAB>end<TAB>number…`, or the same with commas),
and MaxMind's files (`.mmdb`) where the package `maxminddb` is installed.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol, cast

from apiward.guard.origins.addresses import Address


class Providers(Protocol):
    """Says whether an address is of one of the wanted providers."""

    def __contains__(self, address: Address) -> bool: ...


def load_providers(path: Path, wanted: frozenset[int]) -> Providers:
    """Return the networks of the `wanted` providers. Raises ValueError where the file cannot be used."""
    try:
        return _MaxMind(path, wanted) if path.suffix == ".mmdb" else _Ranges(path, wanted)
    except (OSError, ImportError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"provider_file: {path.name} cannot be read: {error}") from error


class _Ranges:
    """Ranges in order; only those of wanted providers are kept, so memory does not grow with the file."""

    def __init__(self, path: Path, wanted: frozenset[int]) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            ranges = sorted(_ranges(file, wanted))
        self._starts = {version: [one[1] for one in ranges if one[0] == version] for version in (4, 6)}
        self._ends = {version: [one[2] for one in ranges if one[0] == version] for version in (4, 6)}

    def __contains__(self, address: Address) -> bool:
        version, number = address.ip.version, int(address.ip)
        at = bisect_right(self._starts[version], number) - 1
        return at >= 0 and number <= self._ends[version][at]


def _ranges(lines: Iterator[str], wanted: frozenset[int]) -> Iterator[tuple[int, int, int]]:
    for number, line in enumerate(lines, 1):
        start, end, asn, *_ = (*next(csv.reader([line.replace("\t", ",")])), "", "", "")
        if asn.upper().removeprefix("AS") not in {str(one) for one in wanted}:
            continue
        try:
            first, last = ip_address(start), ip_address(end)
        except ValueError:
            raise ValueError(f"provider_file: line {number} does not begin with two addresses") from None
        yield first.version, int(first), int(last)


class _MaxMindReader(Protocol):
    """The part of `maxminddb.Reader` that is used here."""

    def get(self, address: str) -> Mapping[str, object] | None: ...


class _MaxMind:
    def __init__(self, path: Path, wanted: frozenset[int]) -> None:
        self._wanted = wanted
        self._reader = cast("_MaxMindReader", import_module("maxminddb").open_database(str(path)))

    def __contains__(self, address: Address) -> bool:
        found = self._reader.get(address.text) or {}
        return found.get("autonomous_system_number") in self._wanted
