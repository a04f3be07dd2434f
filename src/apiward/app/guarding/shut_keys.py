"""Whom people name when they shut somebody out: in the form in which the guard looks it up, and never themselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from apiward.config.errors import AdvisedError, nearest
from apiward.guard.origins.addresses import Address, read_address
from apiward.guard.origins.networks import Networks, read_network
from apiward.guard.tenants import LONGEST

KINDS: Final = ("user", "key", "device", "token", "address", "network", "tenant", "asn", "operation")
WIDE: Final = frozenset({"network", "tenant", "asn"})
"""Kinds of which one stands for many callers."""
MAX_KEY: Final = 400
WIDEST: Final = {4: 16, 6: 32}
"""The shortest prefix of a network that is shut out in one command: more is half a country."""
_NARROWEST: Final = {4: 31, 6: 63}
_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
_OPERATION: Final = re.compile(r"[A-Z]{1,20} /\S*")
_NUMBER: Final = re.compile(r"(?:[Aa][Ss])?([1-9]\d{0,9})")
_SSH: Final = ("SSH_CONNECTION", "SSH_CLIENT")
_WRITE_ADDRESS: Final = "Write it as address:192.0.2.7."


@dataclass(frozen=True, slots=True)
class Own:
    """Who is never shut out: networks of the owner and of their proxies, and callers by key."""

    networks: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()


def key_of(typed: str) -> str:
    """Return the key that `typed` writes. Raises AdvisedError."""
    kind, colon, name = typed.strip().partition(":")
    name = name.strip()
    if not colon or kind not in KINDS or not name or len(typed) > MAX_KEY or not typed.isprintable():
        near = nearest(kind, KINDS) if kind not in KINDS else "There is nothing after the colon."
        raise AdvisedError(
            f"{typed[:60]!a} cannot be shut out.", near, "Write it as user:42, key:ID, device:ID or address:192.0.2.7."
        )
    if kind == "operation" and not _OPERATION.fullmatch(name):
        raise AdvisedError(f"{name[:60]!a} is no operation.", "", "Write it as operation:'GET /orders/{id}'.")
    if kind == "asn":
        return f"asn:{_number(name)}"
    if kind == "network" or (kind == "address" and "/" in name):
        return _network_key(name)
    if kind == "tenant":
        return f"tenant:{name[:LONGEST]}"
    if kind != "address":
        return f"{kind}:{name}"
    address = read_address(name)
    if address is None:
        raise AdvisedError(f"{name[:60]!a} is no address.", "", _WRITE_ADDRESS)
    return f"address:{address.unit}"


def spare_own(key: str, own: Own, environment: Mapping[str, str]) -> None:
    """Raise AdvisedError where a key stands for the owner."""
    kind, _, name = key.partition(":")
    if key in own.callers:
        raise _own_error(key, "It is named in own_accounts of [watch.seeing].")
    if kind not in {"address", "network"}:
        return
    networks = (*_LOOPBACK, *own.networks)
    if kind == "address":
        address = read_address(name.partition("/")[0])
        is_own = address is not None and address in Networks(networks, field="own")
        is_own = is_own or any(_is_within(one, name) for one in networks)
    else:
        is_own = any(_overlap(one, name) for one in networks)
    if is_own:
        raise _own_error(name, "It is this machine, a proxy of yours, or named in never_block or own_addresses.")
    for variable in _SSH:
        mine = read_address(environment.get(variable, "").partition(" ")[0])
        if mine is not None and (mine.unit == name or (kind == "network" and _overlap(mine.text, name))):
            raise _own_error(name, "You are connected to this machine from there.")


def _network_key(name: str) -> str:
    network = read_network(name)
    if network is None:
        raise AdvisedError(f"{name[:60]!a} is no network.", "", "Write it as network:203.0.113.0/24.")
    if network.prefixlen < WIDEST[network.version]:
        raise AdvisedError(
            f"{network} is too wide to be shut out.",
            f"It has more than a /{WIDEST[network.version]}: half a country could be in it.",
            "Name a smaller one, or put it into blocked of [guard.origin].",
        )
    if network.prefixlen > _NARROWEST[network.version]:
        unit = Address(network.network_address).unit
        return f"address:{unit}"
    return f"network:{network}"


def _number(name: str) -> str:
    found = _NUMBER.fullmatch(name)
    if found is None:
        raise AdvisedError(f"{name[:60]!a} is no number of a network.", "", "Write it as asn:64500.")
    return found[1]


def _overlap(one: str, other: str) -> bool:
    first, second = read_network(one), read_network(other)
    return first is not None and second is not None and first.version == second.version and first.overlaps(second)


def _is_within(network: str, unit: str) -> bool:
    """Whether an own network or address lies in the part of IPv6 that would be shut out as one."""
    own = read_address(network.partition("/")[0])
    return own is not None and "/" in unit and own.unit == unit


def _own_error(what: str, why: str) -> AdvisedError:
    return AdvisedError(f"{what} is your own, and is not shut out.", why, "Shut out an account or a key instead.")
