"""The audit record inside frozen evidence is checked entry by entry, and against the signed checkpoints."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from apiward.app.breach import verifying
from apiward.app.breach.records import BreachError
from apiward.app.breach.verifying import Verdict, verify_evidence
from apiward.core.lanes import AuditKind
from apiward.core.merkle import Tree
from apiward.stores.record.checkpoints import Checkpoint
from apiward.stores.record.entries import Entry, new_entry
from apiward.stores.record.signing import Signer
from apiward.watch.evidence.bundle import packed
from apiward.watch.evidence.manifest import Manifest, Piece
from tests.stores.record.made import refused

SIGNER = Signer(bytes(32))
Rows = list[dict[str, Any]]


def _entries(count: int, first: int = 0) -> list[Entry]:
    made: list[Entry] = []
    last = ""
    for seq in range(first, first + count):
        event = refused(seq, at_s=1.8e9 + seq)
        made.append(new_entry(event, AuditKind.ACCESS, seq=seq, last=last, salt=bytes([seq] * 32), now_s=1.8e9))
        last = made[-1].hash.hex()
    return made


def _rows(entries: Sequence[Entry]) -> Rows:
    return [
        {"seq": one.seq, "leaf": one.leaf, "hash": one.hash.hex(), "personal": one.personal, "salt": one.salt}
        for one in entries
    ]


def _checkpoints(entries: Sequence[Entry], *sizes: int) -> str:
    notes, tree = [], Tree()
    for one in entries:
        tree.append(one.hash)
        if tree.size in sizes:
            notes.append(SIGNER.signed(Checkpoint(SIGNER.public.name, tree.size, tree.root(), 1_800_000_000).text))
    return "\n\n".join(notes)


def _verdict(tmp_path: Path, rows: Rows, checkpoints: str, key: str = SIGNER.public.text) -> Verdict:
    return _verdict_of(tmp_path, b"".join(json.dumps(row).encode() + b"\n" for row in rows), checkpoints, key)


def _verdict_of(tmp_path: Path, lines: bytes, checkpoints: str, key: str = SIGNER.public.text) -> Verdict:
    pieces = (
        Piece("audit.jsonl", lines),
        Piece("audit.key", f"{SIGNER.public.text}\n".encode()),
        Piece("checkpoints.txt", checkpoints.encode()),
    )
    manifest = Manifest.of(pieces, made="2026-11-30T14:00:00Z", about={})
    path = tmp_path / "it.zip"
    path.write_bytes(packed(pieces, manifest, SIGNER.signed(manifest.claim)))
    return verify_evidence(path, key)


def test_a_record_that_holds_agrees_with_its_checkpoints(tmp_path: Path) -> None:
    entries = _entries(9)
    verdict = _verdict(tmp_path, _rows(entries), _checkpoints(entries, 3, 9))
    assert (verdict.is_good, verdict.entries, verdict.held, verdict.is_trusted) == (True, 9, 2, True)
    assert not _verdict(tmp_path, _rows(entries), "", "").is_trusted


def test_an_erased_person_and_a_record_that_begins_later_are_no_faults(tmp_path: Path) -> None:
    rows = _rows(_entries(5))
    rows[2] |= {"personal": None, "salt": None}
    assert _verdict(tmp_path, rows, "").is_good
    later = _verdict(tmp_path, _rows(_entries(5, first=3)), _checkpoints(_entries(9), 4, 5))
    assert (later.is_good, later.held) == (True, 0)


def _edited(rows: Rows) -> Rows:
    leaf = json.loads(rows[2]["leaf"])
    return [*rows[:2], {**rows[2], "leaf": json.dumps({**leaf, "status": 200})}, *rows[3:]]


CHANGES: dict[str, tuple[Callable[[Rows], Rows], str]] = {
    "edited": (_edited, "Entry 2 is not what its hash says"),
    "deleted": (lambda rows: [*rows[:2], *rows[3:]], "Entry 3 does not follow"),
    "reordered": (lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]], "does not follow"),
    "renamed": (lambda rows: [*rows[:2], {**rows[2], "personal": "{}"}, *rows[3:]], "who it was"),
    "unreadable": (lambda rows: [*rows[:2], {"seq": 2}, *rows[3:]], "Line 3 of the audit record cannot be read"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_done_to_the_record_before_it_was_frozen_is_found(tmp_path: Path, name: str) -> None:
    change, said = CHANGES[name]
    verdict = _verdict(tmp_path, change(_rows(_entries(6))), "")
    assert verdict.checked.flaws == ()
    assert any(said in text for text in verdict.audit)


def test_a_record_that_was_written_anew_is_found_by_its_checkpoint(tmp_path: Path) -> None:
    entries = _entries(6)
    other = [one._replace(leaf=one.leaf.replace("403", "200")) for one in entries[:1]] + entries[1:]
    verdict = _verdict(tmp_path, _rows(other[:1]), _checkpoints(entries, 1))
    assert any("another one than the one that was signed" in text for text in verdict.audit)


def test_a_bundle_without_a_key_is_not_signed_for_us(tmp_path: Path) -> None:
    manifest = Manifest.of((), made="m", about={})
    (tmp_path / "it.zip").write_bytes(packed((), manifest))
    verdict = verify_evidence(tmp_path / "it.zip")
    assert (verdict.is_good, verdict.is_trusted) == (True, False)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "MAX_BUNDLE", 10)
    (tmp_path / "it.zip").write_bytes(bytes(20))
    with pytest.raises(BreachError, match="larger than"):
        verify_evidence(tmp_path / "it.zip")


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"seq": 1e999, "leaf": "{}", "hash": "", "personal": null}',
        b'{"seq": 0, "leaf": "{\\"seq\\": 0, \\"last\\": \\"\\"}", "hash": "", "personal": 7, "salt": ""}',
        b"{}",
        b"7",
        b"\xff",
    ],
)
def test_lines_that_are_no_entries_are_faults_and_end_nothing(tmp_path: Path, line: bytes) -> None:
    verdict = _verdict_of(tmp_path, line + b"\n", "")
    assert not verdict.is_good
    assert any("cannot be read" in text for text in verdict.audit)


def test_after_enough_faults_it_is_not_read_on(tmp_path: Path) -> None:
    verdict = _verdict_of(tmp_path, b"no entry\n" * 5_000, "")
    assert len(verdict.audit) == verifying.MOST_FAULTS + 1
    assert "not looked at" in verdict.audit[-1]
