"""What stands around the operations: versions in their paths, and the hosts that somebody named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from apiward.app.guarding.described import Described
from apiward.app.inventory.joined import Joined
from apiward.config.guarding import GuardConfig
from apiward.spec.learning.texts import Look, look_of
from apiward.stores.watching.apis import ScannedApi

MOST_HOSTS: Final = 50
MOST_VERSIONS: Final = 20


class HostRole(StrEnum):
    """What a host is to us."""

    GUARD = "guard"
    BEHIND = "behind"
    SERVED = "served"
    DESCRIBED = "described"
    SCANNED = "scanned"


@dataclass(frozen=True, slots=True)
class Host:
    """One host with port, and what it is."""

    name: str
    roles: tuple[HostRole, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """The operations below one version in the path. `requests` is None where traffic is not counted."""

    path: str
    operations: int
    deprecated: int
    called: int | None
    requests: int | None
    last_s: float | None


def hosts(config: GuardConfig, known: Described | None, apis: Iterable[ScannedApi]) -> tuple[Host, ...]:
    """Return all hosts that are named, in the order of their roles."""
    found: dict[str, list[HostRole]] = {}
    for name, role in _hosts(config, known, apis):
        if name and role not in found.setdefault(name, []):
            found[name].append(role)
    return tuple(Host(name, tuple(roles)) for name, roles in found.items())[:MOST_HOSTS]


def versions(rows: Iterable[Joined], *, is_counted: bool) -> tuple[Version, ...]:
    """Return the versions that paths name; none where no path names one."""
    found: dict[str, list[Joined]] = {}
    for one in rows:
        if stem := version_stem(one.key.partition(" ")[2]):
            found.setdefault(stem, []).append(one)
    return tuple(_version(stem, below, is_counted=is_counted) for stem, below in sorted(found.items())[:MOST_VERSIONS])


def version_stem(path: str) -> str:
    """Return a path up to its version, or an empty text."""
    parts = path.split("/")
    place = next((at for at, part in enumerate(parts) if part and look_of(part) is Look.VERSION), None)
    return "" if place is None else "/".join(parts[: place + 1])


def _version(stem: str, below: list[Joined], *, is_counted: bool) -> Version:
    counted = [one.counted for one in below if one.counted is not None]
    return Version(
        stem,
        len(below),
        sum(one.described is not None and one.described.is_deprecated for one in below),
        len(counted) if is_counted else None,
        sum(one.count.requests for one in counted) if is_counted else None,
        max((one.last_s for one in counted), default=None),
    )


def _hosts(config: GuardConfig, known: Described | None, apis: Iterable[ScannedApi]) -> Iterator[tuple[str, HostRole]]:
    if config.upstream or config.upstreams:
        yield config.listen, HostRole.GUARD
    for address in (config.upstream, *(server for one in config.upstreams for server in one.servers)):
        yield _host(address), HostRole.BEHIND
    for one in config.upstreams:
        yield from ((name, HostRole.SERVED) for name in one.hosts)
    for address in known.servers if known is not None else ():
        yield _host(address), HostRole.DESCRIBED
    for api in apis:
        yield _host(api.target), HostRole.SCANNED


def _host(address: str) -> str:
    """Return host and port of an address, without a log-in."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""
