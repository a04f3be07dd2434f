"""Signs how large the audit record is, and hands that to places outside, so that nobody can rewrite it unseen."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine, update

from apiward.core.merkle import Tree
from apiward.core.ports import CheckpointPlace
from apiward.stores.record.appending import tree_row, unpacked_hashes
from apiward.stores.record.checkpoints import Checkpoint
from apiward.stores.record.schema import AUDIT_TREE
from apiward.stores.record.signing import Signer

EVERY: Final = 1_000
"""New entries after which a checkpoint is made."""
EACH_S: Final = 60.0
"""Seconds after which one is made where there is anything new."""


def signed_now(engine: Engine, signer: Signer, now_s: float) -> str:
    """Return a checkpoint of the record as it is now; nothing where there is no entry, or another key signs it."""
    with engine.connect() as connection:
        row = tree_row(connection)
    if not row.size or row.signer not in {"", signer.public.text}:
        return ""
    root = Tree(row.size, unpacked_hashes(row.peaks)).root()
    return signer.signed(Checkpoint(signer.public.name, row.size, root, int(now_s)).text)


class Anchoring:
    """Makes checkpoints. One that no place takes is tried again; a place that fails is told of once."""

    def __init__(
        self,
        engine: Engine,
        signer: Signer,
        places: Sequence[CheckpointPlace],
        *,
        every: int = EVERY,
        each_s: float = EACH_S,
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._places = places
        self._every = every
        self._each_s = each_s
        self._failing: set[str] = set()
        self._is_foreign = False

    def run(self, now_s: float, *, is_last: bool = False) -> tuple[str, ...]:
        """Make a checkpoint where it is time, or where this is the last run; return what the owner should know."""
        with self._engine.connect() as connection:
            row = tree_row(connection)
        new = row.size - row.signed_size
        if new <= 0 or not (is_last or new >= self._every or now_s - row.signed_at_s >= self._each_s):
            return ()
        key = self._signer.public.text
        if row.signer not in {"", key}:
            return self._foreign(row.signer)
        root = Tree(row.size, unpacked_hashes(row.peaks)).root()
        checkpoint = Checkpoint(self._signer.public.name, row.size, root, int(now_s))
        notes, is_kept = self._put(self._signer.signed(checkpoint.text))
        if is_kept:
            with self._engine.begin() as connection:
                connection.execute(
                    update(AUDIT_TREE).values(signed_size=row.size, signed_at_s=now_s, signer=row.signer or key)
                )
        return notes

    def _put(self, note: str) -> tuple[tuple[str, ...], bool]:
        notes: list[str] = []
        is_kept = False
        for place in self._places:
            try:
                place.put(note)
            except OSError as error:
                if place.name not in self._failing:
                    notes.append(f"The audit record's checkpoints cannot be kept in {place.name}: {error.strerror}.")
                self._failing.add(place.name)
            else:
                is_kept = True
                if place.name in self._failing:
                    notes.append(f"The audit record's checkpoints are kept in {place.name} again.")
                self._failing.discard(place.name)
        return tuple(notes), is_kept

    def _foreign(self, signer: str) -> tuple[str, ...]:
        if self._is_foreign:
            return ()
        self._is_foreign = True
        name = signer.partition("+")[0]
        return (f"The audit record is signed with another key ({name}). Copy audit.key from where that guard runs.",)
