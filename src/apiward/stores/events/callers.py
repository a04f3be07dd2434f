"""Who fared well in a place, by the stored events: whom it would hit to shut that place out."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

import orjson
from sqlalchemy import ColumnElement, Engine, exists, func, select

from apiward.core import marks
from apiward.stores.events.schema import EVENTS

MOST_EVENTS: Final = 500_000
"""The newest events before the time that are looked at: some seconds, however long the record is."""
_E: Final = EVENTS.c
_BY_ADDRESS: Final = frozenset({"address", "network"})


def callers_of(engine: Engine, key: str, *, since_s: float, until_s: float) -> frozenset[str]:
    """Return who had good answers in the place that `key` names, such as `network:203.0.113.0/24` or `tenant:acme`.

    Callers without a log-in count by their address, but not those of one single address. Raises SQLAlchemyError, and
    ValueError where so much came in that time that it cannot be looked at wholly: those left out might be hit.
    """
    kind, _, name = key.partition(":")
    network = ip_network(name, strict=False) if kind in _BY_ADDRESS else None
    is_then = (_E.at_s >= since_s, _E.at_s < until_s)
    query = (
        select(_E.client, _E.principal)
        .where(*is_then, _E.outcome == "passed", _E.kind == "request", _E.status.between(100, 399))
        .where(*_where(kind, name))
        .group_by(_E.client, _E.principal)
    )
    with engine.connect() as connection:
        # What came later is left out of the bound: the attack itself may be more than it.
        newest = connection.scalar(select(func.max(_E.seq)).where(_E.at_s < until_s)) or 0
        older = _E.seq <= newest - MOST_EVENTS
        if connection.scalar(select(exists().where(*is_then, older))):
            raise ValueError(f"more than {MOST_EVENTS:,} events came in that time")
        rows = connection.execute(query.where(~older)).all()
    inside = [(client, principal) for client, principal in rows if network is None or _is_in(client, network)]
    named = {principal for _, principal in inside if _is_named(principal)}
    if kind == "address":
        return frozenset(named)
    return frozenset(named | {f"address:{client}" for client, principal in inside if not _is_named(principal)})


def _where(kind: str, name: str) -> Iterator[ColumnElement[bool]]:
    if kind == "operation":
        yield _E.operation == name
    if kind == "tenant":
        yield _says(marks.TENANT, name)
    if kind == "asn":
        yield _says(marks.ASN, name)
    if kind == "address" and "/" not in name:
        yield _E.client == name


def _says(mark: str, value: str) -> ColumnElement[bool]:
    return _E.marks.contains(f'"{mark}":{orjson.dumps(value).decode()}', autoescape=True)


def _is_named(principal: str) -> bool:
    return bool(principal) and not principal.startswith("anonymous:")


def _is_in(client: str, network: IPv4Network | IPv6Network) -> bool:
    try:
        return ip_address(client.partition("%")[0]) in network
    except ValueError:
        return False
