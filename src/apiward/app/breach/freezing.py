"""Freezes the evidence of a breach: what is stored of it, copied, chained, signed, and kept whatever is removed."""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from apiward.app.breach.records import Breach
from apiward.app.guarding.upkeep import checkpoint_files, signer_of
from apiward.app.recording.opening import Store, told
from apiward.config.errors import AdvisedError
from apiward.config.names import FILE_NAME, RULES_NAME
from apiward.config.rules_file import rules_text
from apiward.core.detection import Detection
from apiward.core.incident import Incident
from apiward.stores.events.database import snapshot
from apiward.stores.events.lines import encode_line, moment
from apiward.stores.events.reading import MOST, EventReader
from apiward.stores.events.rows import row_of
from apiward.stores.record.reading import Wanted, read_audit
from apiward.watch.evidence.bundle import packed
from apiward.watch.evidence.manifest import Manifest, Piece

MAX_EVENTS: Final = 100_000
MAX_AUDIT: Final = 500_000
AROUND_S: Final = 3_600.0
"""Seconds before the first sign and after the last one that are frozen as well."""
BEFORE_S: Final = 86_400.0
"""Seconds before it was noticed that are frozen where no incident says when it began."""
_MAX_CHECKPOINTS: Final = 262_144
_MAX_SETTINGS: Final = 1_048_576
_SECRET: Final = re.compile(r"pass|secret|token|cookie|header|authorization|webhook|credential|command|(^|_)key$|query")
_NO_SECRET: Final = re.compile(r"(_env|_file|_header|_s|_days|_ttl)$|^token_url$")
_PERSON_IN_URL: Final = re.compile(r"//[^/\s@]*@")
_QUERY_IN_URL: Final = re.compile(r"(://[^\s?#]*)\?[^\s#]+")
_SERVER: Final = re.compile(r"(https?://[^/\s?#]+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Frozen:
    """The bundle and the head of its chain. `left_out` says, a sentence each, what is not in it."""

    bundle: bytes
    head: str
    left_out: tuple[str, ...]


def freeze(
    store: Store, breach: Breach, incident: Incident | None, detections: tuple[Detection, ...], now_s: float
) -> Frozen:
    """Return the evidence of a breach. Raises AdvisedError."""
    left_out: list[str] = []
    signer = _signer(store.folder)
    pieces = [Piece("breach.json", breach.text.encode())]
    if incident is not None:
        pieces.append(
            Piece("incident.json", _json({"incident": asdict(incident), "detections": list(map(asdict, detections))}))
        )
    with told("be read"):
        pieces.append(Piece("events.jsonl", b"".join(_events(store, breach, now_s, left_out))))
        pieces.append(Piece("audit.jsonl", b"".join(_audit(store, left_out))))
    pieces.append(Piece("audit.key", f"{signer.public.text}\n".encode()))
    pieces.append(Piece("checkpoints.txt", _checkpoints(store)))
    pieces += _settings(store.base, left_out)
    about = {"breach": breach.id, "incident": breach.incident, "by": breach.by, "left out": " ".join(left_out)}
    manifest = Manifest.of(pieces, made=moment(now_s), about=about)
    return Frozen(packed(pieces, manifest, signer.signed(manifest.claim)), manifest.head, tuple(left_out))


def _signer(folder: Path) -> Any:  # noqa: ANN401 - of `stores.record.signing`, which only `app.guarding.upkeep` makes
    with told("be signed"):
        try:
            return signer_of(folder)
        except ValueError as error:
            raise AdvisedError(
                "The evidence cannot be signed.", f"{error}.", "Put audit.key back from a copy."
            ) from error


def _events(store: Store, breach: Breach, now_s: float, left_out: list[str]) -> Iterator[bytes]:
    since = (breach.first_s or breach.facts.noticed_s - BEFORE_S + AROUND_S) - AROUND_S
    until = min((breach.last_s or now_s) + AROUND_S, now_s + 1)
    reader, after, count = EventReader(store.engine), 0, 0
    while page := reader.events(since=since, until=until, after=after, limit=MOST):
        for one in page:
            yield encode_line(row_of(one.event))
        after, count = page[-1].seq, count + len(page)
        if count >= MAX_EVENTS:
            left_out.append(f"Of the events in that time, only the first {count:,} are in it.")
            return


def _audit(store: Store, left_out: list[str]) -> Iterator[bytes]:
    with snapshot(store.engine) as connection:
        for number, (row, _) in enumerate(read_audit(connection, Wanted())):
            if number >= MAX_AUDIT:
                left_out.append(f"Of the audit record, only the first {MAX_AUDIT:,} entries are in it.")
                return
            shown = {
                "seq": row.seq,
                "leaf": row.leaf,
                "hash": row.hash.hex(),
                "personal": row.personal,
                "salt": row.salt,
            }
            yield json.dumps(shown).encode() + b"\n"


def _checkpoints(store: Store) -> bytes:
    """Return the newest checkpoints of each file, whole ones."""
    found: list[bytes] = []
    for path in checkpoint_files(store.folder, store.base, store.config):
        try:
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _MAX_CHECKPOINTS))
                text = file.read(_MAX_CHECKPOINTS)
        except OSError:
            continue
        found.append(text if size <= _MAX_CHECKPOINTS else text[text.find(b"\n\n\n") :])
    return b"\n\n".join(found)


def _settings(base: Path, left_out: list[str]) -> Iterator[Piece]:
    """Yield the settings without their secrets: evidence goes to people who must not have them."""
    for name, text in ((FILE_NAME, _read(base / FILE_NAME)), (RULES_NAME, rules_text(base))):
        if not text:
            continue
        try:
            table = tomllib.loads(text.decode("utf-8"))
        except (ValueError, RecursionError):
            left_out.append(f"{name} is not in it, as it is no TOML.")
            continue
        yield Piece(f"config/{name.removesuffix('.toml')}.json", _json(without_secrets(table)))


def without_secrets(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any TOML
    """Return settings in which whatever may be a secret is masked, by its name or as part of an address."""
    if isinstance(value, dict):
        return {key: without_secrets(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_secrets(inner, name) for inner in value]
    if isinstance(value, str) and name.lower() == "address":
        return _without_place(value)
    if isinstance(value, str) and _SECRET.search(name.lower()) and not _NO_SECRET.search(name.lower()):
        return "***" if value else ""
    return _QUERY_IN_URL.sub(r"\1?***", _PERSON_IN_URL.sub("//***@", value)) if isinstance(value, str) else value


def _without_place(address: str) -> str:
    """Return where an address leads without its path: whoever knows that of a webhook may post there."""
    found = _SERVER.match(address)
    if found is None:
        return "***" if address else ""
    return _PERSON_IN_URL.sub("//***@", found[1]) + ("/***" if found[2].strip("/") else found[2])


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_SETTINGS)
    except OSError:
        return b""


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1, default=str).encode() + b"\n"
