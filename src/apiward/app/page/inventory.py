"""The page of the inventory: APIs, operations against roles, which carry what data, versions and hosts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.app.inventory.around import HostRole, Version, hosts, versions
from apiward.app.inventory.joined import Joined, joined
from apiward.app.inventory.permitted import MOST_ROLES, Cell, Matrix, columns
from apiward.app.page.showing import day, moment, shown
from apiward.app.page.source import PageSource
from apiward.classify.kinds import Kind
from apiward.prove.gathered import Gathered
from apiward.stores.counted.tallying import ROLE_MARK, Tallied
from apiward.stores.watching.apis import ApiReader, ScannedApi

PAGE: Final = 25
MOST_PLACES: Final = 4


class InventoryKind(StrEnum):
    """Which operations a list holds.

    ODD: somebody was let in who may not. NEW: called, and no description names it. QUIET: named, and not called.
    UNREACHED: the last scan knew it and got no good answer. DATA: it carries data of a kind.
    """

    ALL = "all"
    ODD = "odd"
    NEW = "new"
    QUIET = "quiet"
    UNREACHED = "unreached"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class InventoryTab:
    """A list with the number of its entries; None where it cannot be known."""

    kind: InventoryKind
    count: int | None


@dataclass(frozen=True, slots=True)
class CallerShown:
    """One column of the matrix: a role by its name, or a kind of callers ("anonymous", "user", "key", …)."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DataPlace:
    """Data of a kind in an operation. `is_seen`: in traffic, and not only by its name in the description."""

    kind: str
    place: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class OperationShown:
    """One operation. `requests`, `findings` and `is_reached` are None where nothing is known of that."""

    operation: str
    is_described: bool
    is_deprecated: bool
    is_for_staff: bool
    requests: int | None
    last: str
    is_reached: bool | None
    findings: int | None
    finding: str
    cells: tuple[Cell, ...]
    data: tuple[DataPlace, ...]


@dataclass(frozen=True, slots=True)
class DataClass:
    """One kind of data: operations that carry it, and of these, those in which traffic has shown it."""

    kind: str
    group: str
    operations: int
    seen: int


@dataclass(frozen=True, slots=True)
class ApiShown:
    """One API that was scanned."""

    target: str
    title: str
    last: str
    operations: int
    answered: int
    findings: int


@dataclass(frozen=True, slots=True)
class DescriptionShown:
    """The description that the guard judges by."""

    title: str
    version: str
    dialect: str
    operations: int


@dataclass(frozen=True, slots=True)
class HostShown:
    """One host, and what it is."""

    name: str
    roles: tuple[HostRole, ...]


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version in paths, with its numbers."""

    path: str
    operations: int
    deprecated: int
    called: int | None
    requests: int | None
    last: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """The page. `find` and `data` say which operations its lists are made of, `count` is the length of the list shown.

    `start` is the place of its first operation in the list, `following` that of the page after it, if there is one.
    What is None is not known: that is not the same as none.
    """

    kind: InventoryKind
    data: str
    find: str
    tabs: tuple[InventoryTab, ...]
    days: int
    callers: tuple[CallerShown, ...]
    more_callers: int
    count: int | None
    start: int
    operations: tuple[OperationShown, ...]
    following: int | None
    is_counted: bool
    is_learned: bool
    has_sources: bool
    description: DescriptionShown | None
    apis: tuple[ApiShown, ...]
    classes: tuple[DataClass, ...]
    versions: tuple[VersionShown, ...]
    hosts: tuple[HostShown, ...]


@dataclass(frozen=True)
class _Rows:
    """All operations, with what is needed to show each."""

    all: tuple[Joined, ...]
    cells: Mapping[str, tuple[Cell, ...]]
    """By the key of the operation, in the order of `roles`."""
    odd: frozenset[str]
    """Keys of operations at which somebody was let in who may not."""
    roles: tuple[str, ...]
    tallied: Tallied | None
    has_description: bool
    has_scan: bool
    is_learned: bool


def inventory(
    source: PageSource,
    kind: InventoryKind = InventoryKind.ALL,
    *,
    data: str = "",
    find: str = "",
    start: int = 0,
    limit: int = PAGE,
) -> Inventory:
    """Return the page; of the operations, those of one list from `start` on. Raises AdvisedError, OSError."""
    config = source.settings().guard
    rows, apis = _rows(source, source.gathered()), ApiReader(source.engine).listed()
    known = source.known.described(config)
    data = data if any(one.value == data for one in Kind) else ""
    chosen = tuple(one for one in rows.all if _fits(one, find.casefold(), data))
    listed = {one: _listed(rows, chosen, one) for one in InventoryKind}
    found = listed[kind]
    whole = found or ()
    part = whole[start : start + limit]
    return Inventory(
        kind=kind,
        data=data,
        find=find,
        tabs=tuple(InventoryTab(one, None if some is None else len(some)) for one, some in listed.items()),
        days=source.tally.days,
        callers=tuple(map(_caller, rows.roles[:MOST_ROLES])),
        more_callers=max(0, len(rows.roles) - MOST_ROLES),
        count=None if found is None else len(found),
        start=start,
        operations=tuple(_shown(one, rows, data) for one in part),
        following=start + limit if start + limit < len(whole) else None,
        is_counted=rows.tallied is not None,
        is_learned=rows.is_learned,
        has_sources=bool(rows.all),
        description=DescriptionShown(shown(known.title), shown(known.version), known.dialect, len(known.operations))
        if known is not None
        else None,
        apis=tuple(map(_api, apis)),
        classes=_classes(rows.all),
        versions=tuple(map(_version, versions(rows.all, is_counted=rows.tallied is not None))),
        hosts=tuple(HostShown(shown(one.name), one.roles) for one in hosts(config, known, apis)),
    )


def operations_known(source: PageSource, gathered: Gathered) -> tuple[Joined, ...]:
    """Return all operations, for who looks for one. Raises AdvisedError, OSError."""
    return _operations(source, gathered, source.tally.look(source.clock()))


def _operations(source: PageSource, gathered: Gathered, tallied: Tallied | None) -> tuple[Joined, ...]:
    counted = tallied.operations if tallied is not None else ()
    known, learned = source.known.described(source.settings().guard), source.known.learned() or ()
    return joined(known, counted, learned, gathered.whole_scan, gathered.findings)


def _rows(source: PageSource, gathered: Gathered) -> _Rows:
    config, tallied = source.settings().guard, source.tally.look(source.clock())
    rows = _operations(source, gathered, tallied)
    roles = columns(config.permit, (role for one in rows if one.counted for role in one.counted.roles))
    matrix = Matrix(source.known.permissions(config), roles)
    cells = {one.key: _cells(matrix, one) for one in rows}
    odd = {
        key: places for key, some in cells.items() if (places := [at for at, cell in enumerate(some) if cell.is_odd])
    }
    if len(roles) > MOST_ROLES and odd:  # those stand in front at which there is something to see
        front = set().union(*odd.values())
        order = sorted(range(len(roles)), key=lambda at: at not in front)
        cells = {key: tuple([some[at] for at in order]) for key, some in cells.items()}
        roles = tuple(roles[at] for at in order)
    return _Rows(
        rows,
        cells,
        frozenset(odd),
        roles,
        tallied,
        source.known.described(config) is not None or gathered.whole_scan is not None,
        gathered.whole_scan is not None,
        source.known.learned() is not None,
    )


def _cells(matrix: Matrix, one: Joined) -> tuple[Cell, ...]:
    is_said = one.described is not None and one.described.security is not None
    key = one.described.operation().key if one.described is not None else one.key
    return matrix.cells(key, one.counted.roles if one.counted is not None else (), is_said=is_said)


def _fits(one: Joined, letters: str, data: str) -> bool:
    """Return whether an operation has these letters in its name, and carries data of this kind."""
    return (not letters or letters in shown(one.key).casefold()) and (
        not data or any(kind == data for _, kind, _ in one.data())
    )


def _listed(rows: _Rows, chosen: tuple[Joined, ...], kind: InventoryKind) -> tuple[Joined, ...] | None:
    """Return the operations of a list, None where nothing is known that would tell."""
    is_known: Mapping[InventoryKind, bool] = {
        InventoryKind.ALL: bool(rows.all),
        InventoryKind.ODD: rows.tallied is not None,
        InventoryKind.NEW: rows.has_description and (rows.tallied is not None or rows.is_learned),
        InventoryKind.QUIET: rows.has_description and rows.tallied is not None and bool(rows.tallied.whole.requests),
        InventoryKind.UNREACHED: rows.has_scan,
        InventoryKind.DATA: rows.is_learned or any(one.described is not None for one in rows.all),
    }
    return tuple(one for one in chosen if _belongs(one, kind, rows)) if is_known[kind] else None


def _belongs(one: Joined, kind: InventoryKind, rows: _Rows) -> bool:
    if kind is InventoryKind.ODD:
        return one.key in rows.odd
    if kind is InventoryKind.NEW:
        return not one.is_described and not one.key.startswith(("HEAD ", "OPTIONS "))
    if kind is InventoryKind.QUIET:
        return one.is_described and not one.is_called
    if kind is InventoryKind.UNREACHED:
        return one.is_reached is False
    if kind is InventoryKind.DATA:
        return next(one.data(), None) is not None
    return True


def _shown(one: Joined, rows: _Rows, data: str) -> OperationShown:
    found, counted = one.described, one.counted
    places = [DataPlace(kind, shown(place), is_seen) for place, kind, is_seen in one.data() if data in ("", kind)]
    return OperationShown(
        shown(one.key),
        one.is_described,
        found is not None and found.is_deprecated,
        found is not None and found.is_for_staff,
        None if rows.tallied is None else counted.count.requests if counted is not None else 0,
        moment(counted.last_s) if counted is not None else "",
        one.is_reached,
        len(one.findings) if one.is_reached is not None or one.findings else None,
        one.findings[0].id if one.findings else "",
        rows.cells[one.key][:MOST_ROLES],
        tuple(places[:MOST_PLACES]),
    )


def _classes(rows: Iterable[Joined]) -> tuple[DataClass, ...]:
    """Return the kinds of data that are carried at all, what lets somebody in first."""
    numbers: dict[str, list[int]] = {}
    for one in rows:
        seen: dict[str, bool] = {}
        for _, kind, is_seen in one.data():
            seen[kind] = seen.get(kind, False) or is_seen
        for kind, is_seen in seen.items():
            number = numbers.setdefault(kind, [0, 0])
            number[0] += 1
            number[1] += is_seen
    return tuple(
        DataClass(kind.value, _group(kind), *numbers[kind.value])
        for kind in sorted(Kind, key=lambda kind: _GROUPS.index(_group(kind)))
        if kind.value in numbers
    )


_GROUPS: Final = ("secret", "payment", "personal")


def _group(kind: Kind) -> str:
    if kind.is_secret:
        return "secret"
    return "payment" if kind.is_payment else "personal"


def _caller(role: str) -> CallerShown:
    return CallerShown("role", shown(role.removeprefix(ROLE_MARK))) if role.startswith(ROLE_MARK) else CallerShown(role)


def _version(one: Version) -> VersionShown:
    return VersionShown(shown(one.path), one.operations, one.deprecated, one.called, one.requests, moment(one.last_s))


def _api(one: ScannedApi) -> ApiShown:
    return ApiShown(
        shown(one.target),
        shown(one.title),
        day(one.last_s),
        one.operations,
        one.answered,
        one.findings,
    )
