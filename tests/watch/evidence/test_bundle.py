"""A bundle is the same from the same pieces; whatever is changed, taken out or added is found."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.watch.evidence import bundle as bundles
from apiward.watch.evidence.bundle import MANIFEST, SIGNATURE, FlawKind, checked, packed, piece_lines, read_piece
from apiward.watch.evidence.manifest import Manifest, ManifestError, Piece

PIECES = (Piece("incident.json", b"{}"), Piece("events.jsonl", b"one\ntwo\n"), Piece("config/apiward.toml", b"x = 1\n"))
MADE = "2026-11-30T14:00:00Z"
MANIFEST_OF = Manifest.of(PIECES, made=MADE, about={"breach": "b1"})


def _opened(note: str) -> str:
    if not note.startswith("signed "):
        raise ValueError("it is not signed by us")
    return note.removeprefix("signed ")


GOOD = packed(PIECES, MANIFEST_OF, f"signed {MANIFEST_OF.claim}")


def _repacked(change: dict[str, bytes | None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w") as new:
        files = {name: old.read(name) for name in old.namelist()}
        for name, body in (files | change).items():
            if body is not None:
                new.writestr(name, body)
    return buffer.getvalue()


def test_a_bundle_verifies_and_is_made_the_same_each_time() -> None:
    result = checked(GOOD, _opened)
    assert (result.flaws, result.is_signed) == ((), True)
    assert result.manifest == MANIFEST_OF
    assert packed(PIECES, MANIFEST_OF, f"signed {MANIFEST_OF.claim}") == GOOD
    assert read_piece(GOOD, "events.jsonl") == b"one\ntwo\n"
    assert read_piece(GOOD, "nothing") is None
    assert not checked(GOOD).is_signed


@pytest.mark.parametrize(
    ("change", "kind", "name"),
    [
        ({"events.jsonl": b"one\ntwo\nthree\n"}, FlawKind.CHANGED, "events.jsonl"),
        ({"events.jsonl": b"two\none\n"}, FlawKind.CHANGED, "events.jsonl"),
        ({"events.jsonl": None}, FlawKind.MISSING, "events.jsonl"),
        ({"more.txt": b"x"}, FlawKind.ADDED, "more.txt"),
        ({MANIFEST: None}, FlawKind.MISSING, MANIFEST),
        ({MANIFEST: b"[]"}, FlawKind.MANIFEST, MANIFEST),
        ({MANIFEST: b"\xff"}, FlawKind.MANIFEST, MANIFEST),
        ({SIGNATURE: None}, FlawKind.SIGNATURE, SIGNATURE),
        ({SIGNATURE: b"signed other"}, FlawKind.SIGNATURE, SIGNATURE),
        ({SIGNATURE: b"by another"}, FlawKind.SIGNATURE, SIGNATURE),
    ],
)
def test_what_was_done_to_it_is_found(change: dict[str, bytes | None], kind: FlawKind, name: str) -> None:
    (flaw,) = checked(_repacked(change), _opened).flaws
    assert (flaw.kind, flaw.name) == (kind, name)


@pytest.mark.parametrize(
    ("key", "value", "broken"),
    [
        ("made", "2026-12-01T00:00:00Z", "incident.json"),
        ("about", {"breach": "b2"}, "incident.json"),
        ("head", "0" * 64, "head"),
        ("pieces", list(reversed(json.loads(MANIFEST_OF.text)["pieces"])), "config/apiward.toml"),
        ("pieces", json.loads(MANIFEST_OF.text)["pieces"][:2], "head"),
    ],
)
def test_a_manifest_that_was_changed_does_not_fit_together(key: str, value: object, broken: str) -> None:
    table = {**json.loads(MANIFEST_OF.text), key: value}
    flaws = checked(_repacked({MANIFEST: json.dumps(table).encode()})).flaws
    assert (FlawKind.MANIFEST, broken) in {(flaw.kind, flaw.name) for flaw in flaws}


def test_one_who_makes_it_all_anew_lacks_the_signature() -> None:
    pieces = (*PIECES[:1], Piece("events.jsonl", b"nothing\n"), *PIECES[2:])
    made = Manifest.of(pieces, made=MADE, about={"breach": "b1"})
    result = checked(packed(pieces, made, f"signed {MANIFEST_OF.claim}"), _opened)
    assert [flaw.kind for flaw in result.flaws] == [FlawKind.SIGNATURE]
    assert made.head != MANIFEST_OF.head


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed_to_any_use(place: int, change: int) -> None:
    broken = bytearray(GOOD)
    broken[place] ^= change
    result = checked(bytes(broken), _opened)
    if not result.flaws:  # a byte of the container that says nothing: a date, a version, a comment
        assert result.manifest == MANIFEST_OF
        assert all(read_piece(bytes(broken), piece.name) == piece.body for piece in PIECES)


@given(st.integers(0, len(GOOD) - 1))
def test_a_bundle_that_was_cut_off_is_none(length: int) -> None:
    assert [flaw.kind for flaw in checked(GOOD[:length], _opened).flaws] == [FlawKind.UNREADABLE]


@given(st.binary(max_size=200))
def test_any_bytes_are_checked_or_refused(junk: bytes) -> None:
    assert checked(junk).flaws


def test_a_piece_that_unpacks_to_more_than_all_may_be_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MAX_TOTAL", 1_000)
    pieces = (Piece("zeros.bin", bytes(5_000_000)),)
    bomb = packed(pieces, Manifest.of(pieces, made=MADE, about={}))
    assert len(bomb) < 10_000
    assert [flaw.kind for flaw in checked(bomb).flaws] == [FlawKind.UNREADABLE]


def test_there_are_not_two_of_one_name() -> None:
    with pytest.raises(ValueError, match="same name"):
        Manifest.of((PIECES[0], PIECES[0]), made=MADE, about={})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", "2")
    assert [flaw.kind for flaw in checked(buffer.getvalue()).flaws] == [FlawKind.UNREADABLE]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "A", "a//b", "a/b/c/d/e", "", "a/..", "x" * 90])
def test_names_lead_nowhere_else(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        Piece(name, b"")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "other"}', MANIFEST_OF.text.replace('"size": 2', '"size": "x"')]
)
def test_what_is_no_manifest_is_told(text: str) -> None:
    with pytest.raises(ManifestError):
        Manifest.parse(text)


def test_a_manifest_that_names_a_piece_twice_is_none() -> None:
    table = json.loads(MANIFEST_OF.text)
    table["pieces"] = table["pieces"][:1] * 2
    with pytest.raises(ManifestError, match="twice"):
        Manifest.parse(json.dumps(table))


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_in_another_way_is_not_unpacked(kind: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w", kind) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    result = checked(buffer.getvalue(), _opened)
    assert [flaw.kind for flaw in result.flaws] == [FlawKind.UNREADABLE]
    assert "packed in a way" in result.flaws[0].why


def test_a_number_that_is_too_large_is_no_manifest() -> None:
    text = MANIFEST_OF.text.replace('"size": 2', '"size": 1e999', 1)
    assert text != MANIFEST_OF.text
    result = checked(_repacked({MANIFEST: text.encode()}), _opened)
    assert [flaw.kind for flaw in result.flaws] == [FlawKind.MANIFEST]


def test_lines_come_one_by_one_and_none_is_longer_than_the_bound() -> None:
    assert list(piece_lines(GOOD, "events.jsonl")) == [b"one\n", b"two\n"]
    assert list(piece_lines(GOOD, "events.jsonl", 3)) == [b"one", b"\n", b"two", b"\n"]
    assert list(piece_lines(GOOD, "nothing")) == []
