"""Reads the whole audit record again, and says what was done to it: edit, delete, reorder, truncate, fork."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import orjson
from sqlalchemy import Connection, select

from apiward.core.jsonvalue import Json
from apiward.core.merkle import Tree
from apiward.stores.record.appending import tree_row, unpacked_hashes
from apiward.stores.record.checkpoints import Checkpoint
from apiward.stores.record.entries import Entry, commitment
from apiward.stores.record.schema import AUDIT

PAGE: Final = 2_000
MOST_FLAWS: Final = 100


class FlawKind(StrEnum):
    """What was done. EARLY is a removal of entries that were too young for it."""

    EDITED = "edited"
    DELETED = "deleted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    FORKED = "forked"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the entries from `first` to `last`; `why` is how it shows."""

    kind: FlawKind
    first: int
    last: int
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at the whole record gave.

    `held` are checkpoints that agree, `before` those too old to compare; the first `covered` entries are signed.
    """

    size: int
    first: int
    root: bytes
    erased: int
    held: int
    before: int
    covered: int
    flaws: tuple[Flaw, ...]


def verify(
    connection: Connection, checkpoints: Iterable[Checkpoint], *, now_s: float, keep_s: float
) -> Iterator[int | Verified]:
    """Yield how many entries were read, now and then, and at last what was found.

    `keep_s` is for how long entries must be kept: what a checkpoint shows to be younger must still be there.
    """
    look = _Look(connection, sorted(checkpoints, key=lambda one: (one.size, one.at_s)))
    look.begin(now_s - keep_s)
    for page in entry_pages(connection, look.tree.size):
        for entry in page:
            look.entry(entry)
        yield look.expected
    yield look.end()


def entry_pages(connection: Connection, first: int, end: int | None = None) -> Iterator[list[Entry]]:
    """Yield the entries from `first` on, up to `end`, in pages."""
    while True:
        query = select(AUDIT).where(AUDIT.c.seq >= first).order_by(AUDIT.c.seq).limit(PAGE)
        if end is not None:
            query = query.where(AUDIT.c.seq < end)
        page = [Entry(*row) for row in connection.execute(query).all()]
        if not page:
            return
        yield page
        first = page[-1].seq + 1


@dataclass(slots=True)
class _Spans:
    """Whole numbers in runs."""

    runs: list[list[int]] = field(default_factory=list)

    def add(self, number: int) -> None:
        if self.runs and self.runs[-1][1] == number - 1:
            self.runs[-1][1] = number
        else:
            self.runs.append([number, number])

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.runs)


class _Look:
    """One look through the record, entry by entry."""

    def __init__(self, connection: Connection, checkpoints: Sequence[Checkpoint]) -> None:
        self._connection = connection
        self._row = row = tree_row(connection)
        self.tree = Tree(row.first, unpacked_hashes(row.first_peaks))
        self.expected = row.first
        self._last = row.first_last
        self._is_whole = True  # no entry is missing so far: the tree's root means something
        self._flaws: list[Flaw] = []
        self._bare = _Spans()
        self._erased: list[tuple[int, int]] = []
        self._removed = 0
        self._waiting = list(reversed(checkpoints))
        self._unmet: list[tuple[int, Checkpoint]] = []
        self._held = self._good = self._before = 0

    def begin(self, cut_s: float) -> None:
        """Look at what is there before the first entry is read."""
        self._pair()
        while self._waiting and self._waiting[-1].size < self.tree.size:
            early = self._waiting.pop()
            self._before += 1
            if early.at_s > cut_s and not self._flaws:
                self._say(FlawKind.EARLY, early.size, self.tree.size - 1, "a checkpoint shows that they were younger")
        left = self._connection.execute(select(AUDIT.c.seq).where(AUDIT.c.seq < self.tree.size).limit(1)).scalar()
        if left is not None:
            self._say(FlawKind.EDITED, left, left, "the record says that it was removed, but it is there")
        self._compare()

    def entry(self, entry: Entry) -> None:
        """Look at the next entry."""
        if entry.seq != self.expected:
            self._say(FlawKind.DELETED, self.expected, entry.seq - 1, "the numbers leave them out")
            self._is_whole = False
        leaf = _leaf(entry)
        if leaf is None:
            self._say(FlawKind.EDITED, entry.seq, entry.seq, "it cannot be read")
        elif leaf.get("seq") != entry.seq:
            self._say(FlawKind.REORDERED, entry.seq, entry.seq, f"it was written as number {leaf.get('seq')}")
        else:
            self._look_at(entry, leaf)
        hashed = entry.hash
        self._last = hashed.hex()
        self.tree.append(hashed)
        self.expected = entry.seq + 1
        self._compare()

    def end(self) -> Verified:
        """Look at what the record as a whole says, and return what was found."""
        row, size = self._row, self.expected
        newest = max((one.size for one in self._waiting), default=0)
        if max(row.size, newest) > size:
            says = "the record itself counts" if row.size > size else "a checkpoint shows"
            self._say(FlawKind.TRUNCATED, size, max(row.size, newest) - 1, f"{says} {max(row.size, newest)} entries")
        elif size and self._last != row.last and self._is_whole:
            self._say(FlawKind.EDITED, size - 1, size - 1, "its hash is not the one that was noted")
        elif (size, unpacked_hashes(row.peaks)) != (row.size, self.tree.peaks) and self._is_whole and not self._flaws:
            self._say(FlawKind.EDITED, 0, max(size - 1, 0), "the hashes that were noted are not those of the entries")
        if self._removed != row.first:
            self._say(FlawKind.DELETED, self._removed, row.first - 1, "no entry says that they were removed")
        self._look_at_bare()
        self._explain()
        flaws = tuple(sorted(self._flaws, key=lambda flaw: (flaw.first, flaw.last)))
        return Verified(
            size, row.first, self.tree.root(), self._bare.count, self._held, self._before, self._good, flaws
        )

    def _look_at(self, entry: Entry, leaf: dict[str, Json]) -> None:
        seq = entry.seq
        before = max(seq - 1, self._row.first)
        if leaf.get("last") != self._last and seq == self.expected and not self._is_known(before):
            self._say(FlawKind.EDITED, before, before, "the entry after it was written after another one")
        if (leaf.get("id"), leaf.get("kept_ms")) != (entry.id, round(entry.kept_s * 1000)):
            self._say(FlawKind.EDITED, seq, seq, "its columns are not what was written")
        self._look_at_person(entry, leaf)
        data = leaf.get("data")
        if isinstance(data, dict):
            self._heed(data, seq)

    def _look_at_person(self, entry: Entry, leaf: dict[str, Json]) -> None:
        if entry.who is None and entry.personal is None and entry.salt is None:
            self._bare.add(entry.seq)
        elif not _is_person(entry, leaf):
            self._say(FlawKind.EDITED, entry.seq, entry.seq, "its personal part is not what was written")

    def _heed(self, data: dict[str, Json], seq: int) -> None:
        """Take note of what an entry says about earlier ones: it can only speak of those before it."""
        entries, before = data.get("erased"), data.get("removed_before")
        if isinstance(entries, list):
            runs = [run for run in entries if isinstance(run, list) and len(run) == 2]
            self._erased += [(a, b) for a, b in runs if isinstance(a, int) and isinstance(b, int) and b < seq]
        if isinstance(before, int) and before <= seq:
            self._removed = max(self._removed, before)

    def _look_at_bare(self) -> None:
        """Entries without their personal part must be among those of which an erasure speaks."""
        allowed = sorted(self._erased)
        for first, last in self._bare.runs:
            at = first
            for start, end in allowed:
                if start <= at <= end:
                    at = end + 1
            if at <= last:
                self._say(FlawKind.EDITED, at, last, "the personal part is gone, and no entry says that it was erased")

    def _compare(self) -> None:
        while self._waiting and self._waiting[-1].size == self.tree.size and self._is_whole:
            checkpoint = self._waiting.pop()
            if checkpoint.root == self.tree.root():
                self._held += 1
                self._good = checkpoint.size
            else:
                self._unmet.append((self._good, checkpoint))
        while self._waiting and self._waiting[-1].size <= self.expected and not self._is_whole:
            self._waiting.pop()

    def _explain(self) -> None:
        """Checkpoints that do not agree, where no entry shows why: the entries were written anew, all of them."""
        for good, checkpoint in self._unmet[:1]:
            if not any(flaw.first < checkpoint.size for flaw in self._flaws):
                why = f"the checkpoint of {checkpoint.size} entries has another hash"
                self._say(FlawKind.FORKED, good, max(checkpoint.size - 1, good), why)

    def _pair(self) -> None:
        """Two checkpoints of one size must agree, whatever stands in the record."""
        roots: dict[int, bytes] = {}
        for one in self._waiting:
            if roots.setdefault(one.size, one.root) != one.root:
                self._say(FlawKind.FORKED, 0, max(one.size - 1, 0), f"two checkpoints of {one.size} entries differ")

    def _is_known(self, seq: int) -> bool:
        return bool(self._flaws) and self._flaws[-1].first <= seq <= self._flaws[-1].last

    def _say(self, kind: FlawKind, first: int, last: int, why: str) -> None:
        before = self._flaws[-1] if self._flaws else None
        if before and before.kind is kind and before.last in {first, first - 1}:
            self._flaws[-1] = replace(before, last=last)
        elif len(self._flaws) < MOST_FLAWS:
            self._flaws.append(Flaw(kind, first, last, why))


def _leaf(entry: Entry) -> dict[str, Json] | None:
    try:
        leaf = orjson.loads(entry.leaf)
    except orjson.JSONDecodeError:
        return None
    return leaf if isinstance(leaf, dict) else None


def _is_person(entry: Entry, leaf: dict[str, Json]) -> bool:
    if entry.personal is None or entry.salt is None or entry.who is None:
        return False
    try:
        is_same = commitment(bytes.fromhex(entry.salt), entry.personal.encode()) == leaf.get("private")
    except ValueError:
        return False
    return is_same and entry.who == str(orjson.loads(entry.personal)["principal"]).replace("\0", "␀")
