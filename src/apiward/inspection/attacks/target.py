"""Targets of server-side requests: metadata services, inner hosts in odd spellings, schemes that speak other protocols.

An ordinary address of the outside world passes; so does a development address in a text of several words.
"""

import ipaddress
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Gate, Rule, RuleSet

_SIGNS: Final = (
    "://", "169.254", "gopher:", "dict:", "ldap:", "tftp:", "metadata", "localhost", "127.", "0x7f", "2130706433",
    "file:", "//", "[::", "::ffff", "instance-data", "nip.io", "sslip.io",
    "100.100.100.200", "localtest", "lvh.me", "jar:", "rmi:",
)  # fmt: skip
_URL: Final = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:|^|(?<=[=\s'\"(]))[/\\]{2,}([^\s/\\?#@'\"<>]*+@)?(\[[\w:.%-]+\]"
    r"|[^\s/\\?#:'\"<>,)\]}&]+)(:\d{1,5})?"
)
_NUMBER: Final = re.compile(r"0x[0-9a-f]+|\d+")
_SHARED: Final = ("localtest.me", "lvh.me", "nip.io", "sslip.io", "xip.io", "vcap.me", "lacolhost.com")
_METADATA: Final = frozenset(
    {"169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "169.254.169.123"}
)
_METADATA_NAMES: Final = frozenset(
    {
        "metadata.google.internal",
        "metadata",
        "instance-data",
        "metadata.azure.com",
        "metadata.internal",
        "kubernetes.default.svc",
    }
)
_SERVICES: Final = frozenset(
    ":21 :22 :23 :25 :110 :139 :143 :445 :873 :1433 :1521 :2049 :2181 :2375 :2376 :3306 :3389 :5432 :5601 :5984 :6379"
    " :6443 :8500 :9092 :9200 :10250 :11211 :15672 :27017".split()
)
"""Ports of services that no page is developed on."""
_SCHEMES: Final = frozenset(
    "ftp ftps ssh smb redis rediss memcached mysql mongodb postgres postgresql amqp nfs".split()
)
_INNER_PATH: Final = re.compile(
    r"/(?:admin|server-status|server-info|actuator|console|manage|setup|latest|debug|internal|metrics|env|secret|private"
    r"|config|\.|etc|status|phpmyadmin|jmx|solr|_cat|_cluster|v1/agent|flag)"
)
MAX_URLS: Final = 20

_WHOLE: Final = (
    Rule(
        "target.scheme", 0.85, "an address of a scheme that speaks to other services",
        r"\b(?:gopher|dict|tftp|ldaps?|rmi|sftp|jar|netdoc|mailto\+smtp|imap|telnet)://[\w.\[:*-]|\bgopher:/|^ldap:",
    ),
    Rule(
        "target.metadata", 0.95, "the metadata service of a cloud is addressed",
        r"169\.254\.169\.254|169\.254\.170\.2\b|metadata\.google\.internal|100\.100\.100\.200\b"
        r"|\blatest/(?:meta-data|user-data|api/token|dynamic/)|computemetadata/v1|\[fd00:ec2::254\]",
    ),
)  # fmt: skip
_RULES: Final = RuleSet(*_WHOLE)
_GATE: Final = Gate(
    r"[/\\]{2,}(?:[^\s/\\?#@]*@)?(?:\[|[\d.]+(?:[:/?#\\\s'\"<>,)]|$)|0x|[\w.-]*(?:localhost|internal|intranet"
    r"|\.corp|\.local|nip\.io|sslip\.io|localtest\.me|lvh\.me|xip\.io|vcap\.me|lacolhost|metadata"
    r"|instance-data|kubernetes))",
    *(rule.pattern for rule in _WHOLE),
)


@dataclass(frozen=True, slots=True)
class _Place:
    """One address in a text; `is_alone` says whether the text is nothing else."""

    scheme: str
    host: str
    port: str
    path: str
    has_user: bool
    is_alone: bool

    @property
    def is_service(self) -> bool:
        """Return whether scheme, port or path are those of a service that is not for the outside."""
        return self.scheme in _SCHEMES or self.port in _SERVICES or _INNER_PATH.match(self.path) is not None


def _look(view: View) -> Sighting | None:
    if not _GATE.opens(view.low):
        return None
    found = _RULES.search(view.low)
    if found is not None:
        return found
    places = (_place(match, view.low) for match in islice(_URL.finditer(view.low), MAX_URLS))
    return next((seen for place in places if (seen := _judged(place)) is not None), None)


def _place(match: re.Match[str], low: str) -> _Place:
    path = low[match.end() : match.end() + 60]
    scheme = match[0].partition(":")[0]
    return _Place(scheme, match[2].strip("."), match[3] or "", path, match[1] is not None, " " not in low.strip())


def _judged(place: _Place) -> Sighting | None:
    address, is_odd = _address(place.host.strip("[]").partition("%")[0])
    if place.host in _METADATA_NAMES or (address is not None and str(address) in _METADATA):
        return Sighting("target.metadata", 0.95, "the metadata service of a cloud is addressed")
    if place.host.endswith(_SHARED):
        return Sighting("target.alias", 0.7, "a public name that leads to an inner address")
    if address is None:
        return _named(place)
    if is_odd or place.has_user:
        return Sighting("target.spelling", 0.85, "the address of a host is written in an odd way")
    return _inner(address, place)


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address, place: _Place) -> Sighting | None:
    if address.is_loopback or address.is_unspecified or address.is_link_local:
        # Pages are developed on high ports of one's own machine.
        is_sure = place.is_alone and (place.is_service or place.port in {"", ":80", ":443"})
        return Sighting("target.loopback", 0.65 if is_sure else 0.4, "the server itself is addressed")
    if address.is_private and place.is_alone and place.is_service:
        return Sighting("target.private", 0.6, "a service inside the network is addressed")
    return None


def _named(place: _Place) -> Sighting | None:
    if place.host == "localhost" or place.host.endswith(".localhost"):
        return Sighting("target.loopback", 0.65 if place.is_service else 0.4, "the server itself is addressed")
    if place.host.endswith((".internal", ".svc.cluster.local", ".intranet", ".corp")) and place.is_alone:
        return Sighting("target.inner-name", 0.55, "a host of the inner network is addressed")
    return None


def _address(host: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address | None, bool]:
    """Return the address that `host` spells, and whether it does so in a way that people do not."""
    if ":" in host:
        return _version_6(host)
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None, False
    try:
        numbers = [
            int(part, 0) if part.startswith("0x") else int(part, 8) if len(part) > 1 and part[0] == "0" else int(part)
            for part in parts
        ]
    except ValueError:
        return None, False
    is_odd = len(parts) < 4 or any(part[0] == "0" and len(part) > 1 for part in parts)
    return _version_4(numbers), is_odd


def _version_4(numbers: list[int]) -> ipaddress.IPv4Address | None:
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(numbers)):
        return None
    value = last
    for place, head in enumerate(heads):
        value |= head << 8 * (3 - place)
    return ipaddress.IPv4Address(value)


def _version_6(host: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address | None, bool]:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return None, False
    mapped = address.ipv4_mapped or address.sixtofour
    return (mapped, True) if mapped is not None else (address, False)


DETECTOR: Final = Detector(AttackClass.TARGET, _SIGNS, _look)
