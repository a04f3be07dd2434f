"""Forms with files in them, as browsers send them (RFC 7578)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MEDIA_TYPE: Final = "multipart/form-data"
USUAL_CONTENT: Final = "apiward"
"""What stands in a file that nobody has asked for anything better."""
_BOUNDARY: Final = "apiward-part-7f3c1b"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file: the field it stands in, its own name and type, and what is in it."""

    field: str
    name: str
    media_type: str
    content: bytes


def encoded(fields: Sequence[tuple[str, str]], uploads: Sequence[Upload] = ()) -> tuple[str, bytes]:
    """Return content type and bytes of a form."""
    parts = [_part(f'name="{_escaped(name)}"', value.encode("utf-8", "replace")) for name, value in fields]
    for one in uploads:
        said = f'name="{_escaped(one.field)}"; filename="{_escaped(one.name)}"\r\nContent-Type: {one.media_type}'
        parts.append(_part(said, one.content))
    return f"{MEDIA_TYPE}; boundary={_BOUNDARY}", b"".join((*parts, f"--{_BOUNDARY}--\r\n".encode()))


def _part(said: str, content: bytes) -> bytes:
    head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {said}\r\n\r\n"
    return head.encode("utf-8", "replace") + content + b"\r\n"


def _escaped(name: str) -> str:
    """Return a name as browsers write it in multipart (HTML, "multipart/form-data encoding algorithm")."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
