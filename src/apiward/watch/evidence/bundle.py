"""A bundle as a ZIP file: written the same from the same pieces, and checked without being unpacked to a disk."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.watch.evidence.manifest import MAX_PIECES, Manifest, ManifestError, Piece

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.note"
MAX_TOTAL: Final = 1 << 30
"""Bytes of all pieces, unpacked, that are read."""
MAX_LINE: Final = 1 << 20
_STILL: Final = (1980, 1, 1, 0, 0, 0)
_PRIVATE: Final = 0o100600 << 16
_READ: Final = 1 << 20
_PACKED_AS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Of others, a few bytes may unpack to more than the memory holds in one go."""
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, OSError, ValueError, RuntimeError, EOFError,
)  # fmt: skip
_MOST_MANIFEST: Final = 4 << 20


class FlawKind(StrEnum):
    """How a bundle is not what was frozen."""

    UNREADABLE = "unreadable"
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    MANIFEST = "manifest"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong: at which piece, and how it shows."""

    kind: FlawKind
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check gave. `is_signed` says that the signature is good, where a key was there to check it with."""

    manifest: Manifest | None
    flaws: tuple[Flaw, ...]
    is_signed: bool = False


def packed(pieces: Sequence[Piece], manifest: Manifest, signature: str = "") -> bytes:
    """Return the ZIP file; `signature` is a signed note of `manifest.claim`."""
    buffer = io.BytesIO()
    files = [Piece(MANIFEST, manifest.text.encode()), *pieces]
    if signature:
        files.insert(1, Piece(SIGNATURE, signature.encode()))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for piece in files:
            info = zipfile.ZipInfo(piece.name, _STILL)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _PRIVATE
            archive.writestr(info, piece.body)
    return buffer.getvalue()


def checked(bundle: bytes, opened: Callable[[str], str] | None = None) -> Checked:
    """Check a bundle. `opened` returns the text of a signed note, or raises ValueError; without it none is checked."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            return _checked(archive, opened)
    except _DAMAGED as error:
        return Checked(None, (Flaw(FlawKind.UNREADABLE, "", f"it cannot be read to its end: {error}"),))


def read_piece(bundle: bytes, name: str, most: int = MAX_TOTAL) -> bytes | None:
    """Return one piece of a bundle that was checked, or None where it has none of that name."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        if name not in archive.namelist():
            return None
        with archive.open(name) as file:
            return file.read(most)


def piece_lines(bundle: bytes, name: str, longest: int = MAX_LINE) -> Iterator[bytes]:
    """Yield the lines of one piece as they are unpacked; what is longer than `longest` comes in parts."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        if name not in archive.namelist():
            return
        with archive.open(name) as file:
            while line := file.readline(longest):
                yield line


def _checked(archive: zipfile.ZipFile, opened: Callable[[str], str] | None) -> Checked:
    names = archive.namelist()
    if any(entry.compress_type not in _PACKED_AS for entry in archive.infolist()):
        return Checked(None, (Flaw(FlawKind.UNREADABLE, "", "it is packed in a way that apiward does not use"),))
    if len(names) > MAX_PIECES + 2 or len(set(names)) < len(names):
        return Checked(None, (Flaw(FlawKind.UNREADABLE, "", "names stand twice in it, or there are too many"),))
    if MANIFEST not in names:
        return Checked(None, (Flaw(FlawKind.MISSING, MANIFEST, "there is no manifest"),))
    try:
        manifest = Manifest.parse(_start(archive, MANIFEST).decode("utf-8"))
    except (ManifestError, UnicodeDecodeError) as error:
        return Checked(None, (Flaw(FlawKind.MANIFEST, MANIFEST, str(error)),))
    flaws = [*_flaws(archive, manifest, frozenset(names))]
    note = _start(archive, SIGNATURE).decode("utf-8", "replace") if SIGNATURE in names else ""
    is_signed = False
    if opened is not None:
        why = _unsigned(note, manifest, opened)
        flaws += [Flaw(FlawKind.SIGNATURE, SIGNATURE, why)] if why else []
        is_signed = not why
    return Checked(manifest, tuple(flaws), is_signed)


def _flaws(archive: zipfile.ZipFile, manifest: Manifest, names: frozenset[str]) -> Iterator[Flaw]:
    broken = manifest.broken_link
    if broken:
        yield Flaw(FlawKind.MANIFEST, broken, "the chain of hashes does not fit there")
    left = MAX_TOTAL
    for line in manifest.lines:
        if line.name not in names:
            yield Flaw(FlawKind.MISSING, line.name, "the manifest names it, and it is not there")
            continue
        size, digest = _digest(archive, line.name, left)
        left -= size
        if left < 0:
            yield Flaw(FlawKind.UNREADABLE, line.name, f"all pieces together are larger than {MAX_TOTAL >> 20} MB")
            return
        if (size, digest) != (line.size, line.sha256):
            yield Flaw(FlawKind.CHANGED, line.name, f"its hash is {digest[:16]}…, not {line.sha256[:16]}…")
    for name in sorted(names - {line.name for line in manifest.lines} - {MANIFEST, SIGNATURE}):
        yield Flaw(FlawKind.ADDED, name, "the manifest does not name it")


def _digest(archive: zipfile.ZipFile, name: str, most: int) -> tuple[int, str]:
    """Return size and hash of a piece, read in parts: a small file may unpack to an endless one."""
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as file:
        while size <= most and (part := file.read(_READ)):
            digest.update(part)
            size += len(part)
    return size, digest.hexdigest()


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(_MOST_MANIFEST)


def _unsigned(note: str, manifest: Manifest, opened: Callable[[str], str]) -> str:
    if not note:
        return "it is not signed"
    try:
        text = opened(note)
    except ValueError as error:
        return f"{error}"
    return "" if text == manifest.claim else "what is signed is another manifest"
