"""What is remembered between runs: the last results (masked), permissions, and this installation's key."""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from apiward.config.errors import AdvisedError
from apiward.core.jsonvalue import Json, NotJson, parse_json
from apiward.core.objects import KnownObject

SCHEMA: Final = "apiward.state/1"
OBJECTS_SCHEMA: Final = "apiward.objects/1"
MAX_PERMISSIONS: Final = 500
MAX_OBJECTS: Final = 2_000
OBJECTS_S: Final = 30 * 86_400.0
"""So long what a scan has left is told to a guard; later, an id may be somebody else's."""


@dataclass(frozen=True, slots=True)
class Context:
    """How a scan was made, without secrets: enough to do a part of it again.

    `accounts` and `headers` are those of the command line, with `…` where a secret stood.
    """

    url: str
    spec: str
    config: str
    level: str
    seed: int
    is_stated: bool
    is_insecure: bool
    is_allowed: bool
    accounts: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    rate_per_s: float | None = None
    also: tuple[str, ...] = ()
    app: str = ""
    leave_alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A scan as it was kept: its context, and its JSON report."""

    context: Context
    report: dict[str, Json]

    @property
    def report_text(self) -> str:
        """The report as the text that was written."""
        return json.dumps(self.report)

    @property
    def findings(self) -> tuple[dict[str, Json], ...]:
        """The findings of the report as JSON objects."""
        found = self.report.get("findings")
        return tuple(f for f in found if isinstance(f, dict)) if isinstance(found, list) else ()

    @property
    def target(self) -> str:
        """Where the API of the report answers."""
        scan = self.report.get("scan")
        return str(scan.get("target", "")) if isinstance(scan, dict) else ""

    def finding(self, id_: str) -> dict[str, Json] | None:
        """Return the finding whose id is `id_` or alone begins with it (six characters at least)."""
        wanted = id_.lower()
        near = [f for f in self.findings if len(wanted) >= 6 and str(f.get("id", "")).startswith(wanted)]
        return near[0] if len(near) == 1 else None


class State:
    """The state directory: private to the user, made when first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, target: str, context: Context, report: Mapping[str, Json], *, is_whole: bool) -> None:
        """Keep a scan as the last one; as the one to compare with only if it is a whole one. Raises OSError."""
        text = json.dumps({"schema": SCHEMA, "context": asdict(context), "report": dict(report)})
        self._write("last.json", text)
        if is_whole:
            self._write(f"targets/{_name(target)}.json", text)

    def last(self) -> Kept | None:
        """Return the last scan, or None where there is none that can be read."""
        return self._read("last.json")

    def last_of(self, target: str) -> Kept | None:
        """Return the last whole scan of `target`, or None."""
        return self._read(f"targets/{_name(target)}.json")

    def find(self, id_: str) -> tuple[Kept, dict[str, Json]] | None:
        """Return the finding of that id, from the last scan, else from the last one of any target."""
        others = sorted(self.folder.glob("targets/*.json")) if self.folder.is_dir() else []
        for name in ("last.json", *(f"targets/{path.name}" for path in others)):
            kept = self._read(name)
            finding = kept.finding(id_) if kept else None
            if kept is not None and finding is not None:
                return kept, finding
        return None

    def findings_of(self, target: str) -> list[dict[str, Json]]:
        """Return the findings of the last scans of `target`, those of the newest last."""
        scans = [kept for kept in (self.last_of(target), self.last()) if kept is not None and kept.target == target]
        return [one for kept in scans for one in kept.findings]

    def keep_objects(self, target: str, at_s: float, objects: Sequence[KnownObject]) -> None:
        """Keep whose the objects are that a scan left at `target`, beside those of earlier scans. Raises OSError."""
        rows = [[at_s, one.collection, one.id, list(one.owners)] for one in objects]
        text = json.dumps({"schema": OBJECTS_SCHEMA, "objects": [*rows, *self._rows(target)][:MAX_OBJECTS]})
        self._write(_objects_of(target), text)

    def objects_at(self, address: str, now_s: float) -> dict[float, list[KnownObject]]:
        """Return what scans of late left at the server of `address`, by the moment of the scan."""
        found: dict[float, list[KnownObject]] = {}
        for row in self._rows(address):
            match row:
                case [float(at_s), str(collection), str(id_), list(owners)] if at_s > now_s - OBJECTS_S:
                    found.setdefault(at_s, []).append(KnownObject(collection, id_, _texts(owners)))
        return found

    def _rows(self, target: str) -> list[Json]:
        document = parse_json(self._text(_objects_of(target)))
        if not isinstance(document, dict) or document.get("schema") != OBJECTS_SCHEMA:
            return []
        rows = document.get("objects")
        return rows if isinstance(rows, list) else []

    def keep_patched(self, kept: Kept, ids: frozenset[str]) -> None:
        """Keep findings that have rules now: later scans no longer show them, but ask for them. Raises OSError."""
        name = f"targets/patched-{_name(kept.target)}.json"
        before = self._read(name)
        findings = {str(one.get("id")): one for one in (*(before.findings if before else ()), *kept.findings)}
        known = {str(one.get("id")) for one in before.findings} if before else set()
        report = {**kept.report, "findings": [one for id_, one in findings.items() if id_ in ids or id_ in known]}
        self._write(name, json.dumps({"schema": SCHEMA, "context": asdict(kept.context), "report": report}))

    def secret(self) -> bytes:
        """Return the key of this installation, made at the first call."""
        path = self.folder / "key"
        with contextlib.suppress(OSError):
            found = path.read_bytes()
            if len(found) >= 32:
                return found
        key = secrets.token_hex(32)
        try:
            self._write("key", key)
        except OSError as error:
            raise AdvisedError(
                f"{self.folder} cannot be written.",
                f"{error.strerror}. Without it, apiward cannot remember the proof that a host is yours.",
                "Make it writable, or set XDG_STATE_HOME to another folder.",
            ) from None
        return key.encode()

    def note_permission(self, host: str, ground: str) -> None:
        """Write down why and when a public host was scanned. Raises OSError."""
        document = parse_json(self._text("permissions.json"))
        entries = document if isinstance(document, list) else []
        entry: Json = {"host": host, "ground": ground, "at": datetime.now(UTC).isoformat(timespec="seconds")}
        self._write("permissions.json", json.dumps([*entries, entry][-MAX_PERMISSIONS:], indent=1) + "\n")

    def _read(self, name: str) -> Kept | None:
        document = parse_json(self._text(name))
        if isinstance(document, NotJson) or not isinstance(document, dict) or document.get("schema") != SCHEMA:
            return None
        context, report = document.get("context"), document.get("report")
        if not isinstance(context, dict) or not isinstance(report, dict):
            return None
        try:
            return Kept(_context(context), report)
        except (KeyError, TypeError):
            return None

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        for folder in dict.fromkeys((self.folder, path.parent)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(path)


def state_of(env: Mapping[str, str]) -> State:
    """Return the state of this user, as the XDG Base Directory Specification says."""
    told = env.get("XDG_STATE_HOME", "")
    home = Path(told) if told.startswith("/") else Path(env.get("HOME") or "/") / ".local" / "state"
    return State(home / "apiward")


def _context(found: dict[str, Json]) -> Context:
    seed = found["seed"]
    if not isinstance(seed, int):
        raise TypeError
    return Context(
        url=str(found["url"]),
        spec=str(found["spec"]),
        config=str(found["config"]),
        level=str(found["level"]),
        seed=seed,
        is_stated=found["is_stated"] is True,
        is_insecure=found["is_insecure"] is True,
        is_allowed=found["is_allowed"] is True,
        accounts=_texts(found.get("accounts")),
        headers=_texts(found.get("headers")),
        rate_per_s=rate if isinstance(rate := found.get("rate_per_s"), float) else None,
        also=_texts(found.get("also")),
        app=str(found.get("app", "")),
        leave_alone=_texts(found.get("leave_alone")),
    )


def _texts(found: Json) -> tuple[str, ...]:
    return tuple(text for text in found if isinstance(text, str)) if isinstance(found, list) else ()


def _objects_of(target: str) -> str:
    """Return the file for one server: scheme, host and port, as a scan and a guard may reach it below other paths."""
    parts = urlsplit(target)
    host = parts.netloc.replace("localhost", "127.0.0.1")
    return f"objects/{_name(f'{parts.scheme}://{host}')}.json"


def _name(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()[:24]
