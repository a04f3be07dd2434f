"""Joins what description, traffic and the last scan know of operations: one row for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from apiward.app.guarding.described import Described, DescribedOperation
from apiward.app.inventory.known import LearnedShort
from apiward.core.kept_finding import KeptFinding
from apiward.core.kept_scan import KeptScan
from apiward.spec.learning.describing import bare
from apiward.stores.counted.tallying import OperationCount

MOST: Final = 5_000
"""Operations that are told."""


@dataclass(slots=True)
class Joined:
    """One operation. None says that its source knows nothing of it, or is not there at all."""

    key: str
    described: DescribedOperation | None = None
    counted: OperationCount | None = None
    learned: LearnedShort | None = None
    is_reached: bool | None = None
    """Whether the last whole scan got a good answer; None where it did not know the operation."""
    findings: list[KeptFinding] = field(default_factory=list)

    @property
    def is_called(self) -> bool:
        """Whether it was called in the days that are counted."""
        return self.counted is not None

    @property
    def is_described(self) -> bool:
        """Whether a description names it: that of the guard, or that of the last scan."""
        return self.described is not None or self.is_reached is not None

    def data(self) -> Iterator[tuple[str, str, bool]]:
        """Yield places with data of a kind, and whether that was seen in traffic; each once."""
        seen = dict.fromkeys(self.learned.holds if self.learned is not None else ())
        yield from ((place, kind, True) for place, kind in seen)
        promised = self.described.holds if self.described is not None else ()
        yield from ((place, kind, False) for place, kind in promised if (place, kind) not in seen)


def joined(
    known: Described | None,
    counted: Iterable[OperationCount],
    learned: Iterable[LearnedShort],
    scan: KeptScan | None,
    findings: Iterable[KeptFinding],
) -> tuple[Joined, ...]:
    """Return all operations by path and method. What differs by the names of parameters alone is the same."""
    rows: dict[str, Joined] = {}

    def row(key: str) -> Joined:
        return rows.setdefault(bare(key), Joined(key))

    for operation in known.operations if known is not None else ():
        row(operation.operation().key).described = operation
    answered = frozenset(scan.answered) if scan is not None else frozenset[str]()
    for key in scan.operations if scan is not None else ():
        row(key).is_reached = key in answered
    for count in counted:
        if count.operation:  # what nothing describes is no operation
            row(count.operation).counted = count
    for short in learned:
        row(short.key).learned = short
    for one in findings:
        if bare(one.operation) in rows:  # some are of the whole API, or of a path that nothing describes
            row(one.operation).findings.append(one)
    return tuple(sorted(rows.values(), key=_place)[:MOST])


def _place(one: Joined) -> tuple[str, str]:
    method, _, path = one.key.partition(" ")
    return path, method
