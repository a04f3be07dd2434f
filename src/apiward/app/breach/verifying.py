"""Checks frozen evidence, offline: the bundle itself, who signed it, and the audit record in it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apiward.app.breach.records import BreachError
from apiward.core.merkle import Tree, leaf_hash
from apiward.stores.record.checkpoints import BadCheckpoint, read_checkpoints
from apiward.stores.record.entries import commitment
from apiward.stores.record.signing import PublicKey
from apiward.watch.evidence.bundle import Checked, checked, piece_lines, read_piece

MAX_BUNDLE: Final = 512 << 20
MOST_FAULTS: Final = 20
_MOST_CHECKPOINTS: Final = 16 << 20
_NO_ENTRY: Final = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What a line raises that is no entry: whoever made it may have written anything."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check gave. `audit` are the faults of the audit record in it; `held` checkpoints agree with it.

    `is_trusted` says that the key came from elsewhere, not from the bundle itself.
    """

    checked: Checked
    audit: tuple[str, ...]
    entries: int
    held: int
    is_trusted: bool

    @property
    def is_good(self) -> bool:
        """Whether nothing was changed."""
        return not self.checked.flaws and not self.audit


def verify_evidence(path: Path, key_text: str = "") -> Verdict:
    """Check the bundle at `path`, with that key or else with the one in it. Raises BreachError."""
    try:
        with path.open("rb") as file:
            bundle = file.read(MAX_BUNDLE + 1)
    except OSError as error:
        raise BreachError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name.") from error
    if len(bundle) > MAX_BUNDLE:
        raise BreachError(f"{path} is larger than {MAX_BUNDLE >> 20} MB.", "apiward makes none so large.")
    inner = checked(bundle)
    if inner.manifest is None or inner.flaws:
        return Verdict(inner, (), 0, 0, is_trusted=bool(key_text))
    key = _key(key_text or (read_piece(bundle, "audit.key", 1_000) or b"").decode("utf-8", "replace"), bool(key_text))
    if key is None:
        return Verdict(inner, (), 0, 0, is_trusted=False)
    full = checked(bundle, key.opened)
    look = _AuditLook(read_piece(bundle, "checkpoints.txt", _MOST_CHECKPOINTS) or b"", key)
    look.read(piece_lines(bundle, "audit.jsonl"))
    return Verdict(full, tuple(look.faults), look.entries, look.held, is_trusted=bool(key_text))


def _key(text: str, is_given: bool) -> PublicKey | None:  # noqa: FBT001 - of one caller
    try:
        return PublicKey.parse(text)
    except ValueError as error:
        if is_given:
            raise BreachError("The key cannot be used.", f"{error}.", "Copy the whole line.") from None
        return None


class _AuditLook:
    """Holds the entries against their hashes and against each other, and the whole against its checkpoints."""

    def __init__(self, checkpoints: bytes, key: PublicKey) -> None:
        self.entries = self.held = 0
        self.faults: list[str] = []
        self._roots: dict[int, set[bytes]] = {}
        for one in read_checkpoints(checkpoints.decode("utf-8", "replace"), key):
            if not isinstance(one, BadCheckpoint):
                self._roots.setdefault(one.size, set()).add(one.root)
        self._tree = Tree()
        self._last = ""
        self._next = -1

    def read(self, lines: Iterable[bytes]) -> None:
        """Look at the entries, one a line; enough faults are enough."""
        for line in lines:
            if len(self.faults) >= MOST_FAULTS:
                self.faults.append("There are more faults; the rest was not looked at.")
                return
            self.entries += 1
            try:
                self._entry(json.loads(line))
            except _NO_ENTRY:
                self.faults.append(f"Line {self.entries} of the audit record cannot be read.")

    def _entry(self, row: Mapping[str, Any]) -> None:
        digest = leaf_hash(str(row["leaf"]).encode())
        said = json.loads(row["leaf"])
        seq = int(row["seq"])
        if row["hash"] != digest.hex() or seq != said["seq"]:
            self.faults.append(f"Entry {seq} is not what its hash says.")
        is_erased = row["personal"] is None
        if not is_erased and commitment(bytes.fromhex(row["salt"]), row["personal"].encode()) != said["private"]:
            self.faults.append(f"Entry {seq}: who it was is not what was written.")
        if self._next >= 0 and (seq != self._next or said["last"] != self._last):
            self.faults.append(f"Entry {seq} does not follow the one before it.")
        if self.entries == 1 and seq:
            self._roots.clear()  # earlier entries were removed as they were too old: there is nothing to compare with
        self._next, self._last = seq + 1, digest.hex()
        self._tree.append(digest)
        self._compare(self._roots.get(self._tree.size, set()))

    def _compare(self, signed: set[bytes]) -> None:
        root = self._tree.root() if signed else b""
        self.held += root in signed
        if signed - {root}:
            self.faults.append(f"The record of {self._tree.size} entries is another one than the one that was signed.")
