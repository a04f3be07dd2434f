"""Opens a log, compressed or not, as a stream of bytes. What it is, its first bytes say, not its name."""

import bz2
import gzip
import io
import lzma
import zlib
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final, cast

from apiward.app.watching.sources.xz import MAGIC, RoomError, XzStream
from apiward.config.errors import AdvisedError

_GZIP: Final = b"\x1f\x8b"
_BZIP2: Final = b"BZh"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZIP: Final = b"PK\x03\x04"
DAMAGED: Final = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error, OSError)
"""What reading a damaged archive raises."""


def open_log(path: Path) -> tuple[BinaryIO, BinaryIO, bool]:
    """Return a stream of the log's text, the file below it, and whether it is compressed. Raises AdvisedError."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise AdvisedError(f"{path} cannot be read.", f"{error.strerror}.", "Check its name and its rights.") from None
    start = file.read(8)
    file.seek(0)
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=file)), file, True
    if start.startswith(_BZIP2):
        return cast("BinaryIO", bz2.BZ2File(file)), file, True
    if start.startswith(MAGIC):
        return io.BufferedReader(XzStream(file)), file, True
    if start.startswith(_ZSTD):
        return _zstd(path, file), file, True
    if start.startswith(_ZIP):
        file.close()
        raise AdvisedError(f"{path} is a ZIP archive.", "Logs are read as they are, or in gzip, bzip2, xz or zstd.")
    return file, file, False


def why_not(error: Exception) -> str:
    """Return what is the matter with a log that cannot be read further, after its name."""
    return str(error) if isinstance(error, RoomError) else f"is damaged: {error}"


def _zstd(path: Path, file: BinaryIO) -> BinaryIO:
    """Return a stream by what reads zstd here: Python from 3.14 on, or a package that may be installed."""
    for module, name in (("compression.zstd", "ZstdFile"), ("backports.zstd", "ZstdFile"), ("pyzstd", "ZstdFile")):
        try:
            made = getattr(import_module(module), name)
        except ImportError:
            continue
        return cast("BinaryIO", made(file))
    file.close()
    advice = f"Unpack it first: zstd -dc {path.name} | apiward watch -"
    raise AdvisedError(f"{path} is compressed with zstd.", "This Python cannot read that (3.14 can).", advice)
