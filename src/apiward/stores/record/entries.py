"""An entry of the audit record: what is hashed for ever, and beside it what a person may ask to have erased."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final, NamedTuple

import orjson

from apiward.core.event import Event
from apiward.core.jsonvalue import Json
from apiward.core.lanes import AuditKind
from apiward.core.merkle import leaf_hash

VERSION: Final = 1
SALT_BYTES: Final = 32
_MOST_RULES: Final = 32


class Entry(NamedTuple):
    """One row of the table `audit`, in the order of its columns. `who`, `personal` and `salt` are gone once erased."""

    seq: int
    id: str
    kept_s: float
    leaf: str
    who: str | None
    personal: str | None
    salt: str | None

    @property
    def hash(self) -> bytes:
        """The leaf's hash in the tree."""
        return leaf_hash(self.leaf.encode())


def new_entry(
    event: Event,
    kind: AuditKind,
    *,
    seq: int,
    last: str,
    salt: bytes,
    now_s: float,
    data: Mapping[str, Json] | None = None,
) -> Entry:
    """Return the entry for `event` at place `seq`, after the entry whose hash is `last` (hex), recorded at `now_s`.

    The leaf holds no personal data: of that only a hash with `salt`, which nobody can guess once the salt is gone.
    """
    person: dict[str, object] = {
        "client": event.client,
        "facts": [[ruling.decision.place, ruling.decision.saw] for ruling in event.rulings[:_MOST_RULES]],
        "path": event.path,
        "principal": event.principal,
        "said": event.said,
    }
    if event.marks:
        person["marks"] = dict(event.marks)
    personal = orjson.dumps(person)
    leaf: dict[str, object] = {
        "at_ms": round(event.at_s * 1000),
        "id": event.id,
        "kept_ms": round(now_s * 1000),
        "kind": kind.value,
        "last": last,
        "method": event.method,
        "operation": event.operation,
        "outcome": event.outcome,
        "private": commitment(salt, personal),
        "rules": [[ruling.decision.rule, ruling.is_applied] for ruling in event.rulings[:_MOST_RULES]],
        "seq": seq,
        "status": event.status,
        "v": VERSION,
    }
    if data is not None:
        leaf["data"] = data
    text = orjson.dumps(leaf, option=orjson.OPT_SORT_KEYS).decode()
    return Entry(seq, event.id, now_s, text, event.principal.replace("\0", "␀"), personal.decode(), salt.hex())


def commitment(salt: bytes, personal: bytes) -> str:
    """Return what the leaf says of the personal part (hex)."""
    return sha256(salt + personal).hexdigest()
