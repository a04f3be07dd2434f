"""The names under which files are uploaded."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from apiward.guard.wire.unfit import UnfitError

_RULE: Final = "protocol.upload-name"
_LONGEST: Final = 255
_EXTENDED: Final = re.compile(r"utf-8'[A-Za-z-]{0,20}'((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})+)", re.IGNORECASE)
_REFUSED: Final = re.compile("[\x00-\x1f\x7f/\\\\\u202a-\u202e\u2066-\u2069]")


def check_file_name(name: str, refused_extensions: frozenset[str]) -> None:
    """Raise UnfitError where a name holds a path, hidden signs, or an ending that servers run.

    Each part between dots counts as an ending: `bill.php.pdf` runs on some servers, `bill.tar.gz` does not.
    """
    if len(name) > _LONGEST or _REFUSED.search(name) or name.strip(". ") == "":
        raise UnfitError(_RULE, "body", "a path, hidden signs, or too long a name")
    endings = {ending.strip().lower() for ending in re.split("[.;:]", name)[1:]}
    if endings & refused_extensions:
        raise UnfitError(_RULE, "body", "an ending that some servers run")


def extended_name(text: str) -> str:
    """Return the name in a `filename*` (RFC 8187). Raises UnfitError."""
    match = _EXTENDED.fullmatch(text)
    if match is None:
        raise UnfitError(_RULE, "body", "a malformed file name")
    try:
        return unquote_to_bytes(match[1]).decode()
    except UnicodeDecodeError:
        raise UnfitError(_RULE, "body", "a file name that is no UTF-8") from None
