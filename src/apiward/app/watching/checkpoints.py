"""What several parts must know after a restart, as one piece of bytes that is kept or not as a whole."""

import hashlib
from collections.abc import Mapping
from typing import Final

import orjson

_HEAD: Final = b"apiward watching 1 "


class CheckpointError(ValueError):
    """What was kept cannot be gone on from."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return parts, by name, as one piece."""
    body = b"".join(parts.values())
    table = orjson.dumps({name: len(part) for name, part in parts.items()})
    return b"%s%s %d\n%s%s" % (_HEAD, hashlib.sha256(body).hexdigest().encode(), len(table), table, body)


def unpacked(checkpoint: bytes) -> dict[str, bytes]:
    """Return the parts; none of an empty checkpoint. Raises CheckpointError."""
    if not checkpoint:
        return {}
    head, _, rest = checkpoint.partition(b"\n")
    words = head.removeprefix(_HEAD).split(b" ")
    if not head.startswith(_HEAD) or len(words) != 2 or not words[1].isdigit():
        raise CheckpointError("this is no checkpoint of watch")
    size = int(words[1])
    body = rest[size:]
    if hashlib.sha256(body).hexdigest().encode() != words[0]:
        raise CheckpointError("the checkpoint of watch is damaged")
    parts, at = {}, 0
    for name, length in orjson.loads(rest[:size]).items():
        parts[name] = body[at : at + length]
        at += length
    return parts
