"""Shows that a later record goes on from an earlier one, to somebody who has only two checkpoints and sees no entry."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from apiward.app.recording.checking import read_checkpoint_files
from apiward.app.recording.opening import Store, StoreError, told
from apiward.core.merkle import HASH_BYTES, consistency_proof, is_continued
from apiward.stores.events.database import snapshot
from apiward.stores.record.appending import tree_row
from apiward.stores.record.verifying import entry_pages

SCHEMA: Final = "apiward.audit-proof/1"
MAX_FILE: Final = 65_536
MOST_HASHES: Final = 130


def make_proof(store: Store, old: int, new: int | None) -> str:
    """Return the proof that the record of `new` entries (all, if None) goes on from that of `old`, as JSON."""
    with told("be read"), snapshot(store.engine) as connection:
        row = tree_row(connection)
        size = row.size if new is None else new
        if not 0 < old <= size <= row.size:
            raise StoreError(
                "These sizes make no proof.",
                f"The record has {row.size} entries; --from must be above 0 and not above --to.",
                "Take the sizes of two checkpoints: the second line of each.",
            )
        if row.first:
            why = f"The first {row.first} entries were removed for their age."
            raise StoreError("The proof cannot be made any more.", why, "Compare with: apiward audit-log verify")
        leaves = [entry.hash for page in entry_pages(connection, 0, size) for entry in page]
    hashes = [part.hex() for part in consistency_proof(leaves, old)]
    return json.dumps({"schema": SCHEMA, "from": old, "to": size, "proof": hashes})


def check_proof(proof: Path, files: Iterable[Path], key_text: str) -> tuple[int, int, bool]:
    """Return the two sizes of a proof, and whether the checkpoints are of one record. Raises AdvisedError."""
    old, new, hashes = _read(proof)
    found, _ = read_checkpoint_files(files, key_text)
    roots: dict[int, set[bytes]] = {old: set(), new: set()}
    for checkpoint in found:
        roots.get(checkpoint.size, set()).add(checkpoint.root)
    for size, there in roots.items():
        if not there:
            advice = "Name the files of both checkpoints with --checkpoints."
            raise StoreError(f"There is no checkpoint of {size} entries.", "The proof speaks of it.", advice)
    pairs = [(first, second) for first in roots[old] for second in roots[new]]
    return old, new, all(is_continued(old, first, new, second, hashes) for first, second in pairs)


def _read(path: Path) -> tuple[int, int, list[bytes]]:
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(MAX_FILE))
        hashes = [bytes.fromhex(part) for part in document["proof"][:MOST_HASHES]]
        old, new = document["from"], document["to"]
        is_one = document["schema"] == SCHEMA and type(old) is type(new) is int
    except OSError as error:
        raise StoreError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name.") from error
    except (ValueError, TypeError, KeyError, RecursionError):
        is_one, old, new, hashes = False, 0, 0, []
    if not is_one or any(len(part) != HASH_BYTES for part in hashes):
        raise StoreError(f"{path} is no proof.", "", "Make one: apiward audit-log prove --from SIZE")
    return old, new, hashes
