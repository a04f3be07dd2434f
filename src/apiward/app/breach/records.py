"""The record of a breach: what is known of it, in one file that is replaced as a whole."""

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from apiward.config.errors import AdvisedError
from apiward.watch.breach.limits import Facts

FOLDER: Final = "breaches"
SCHEMA: Final = "apiward.breach/1"
_ID: Final = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{4}")
_MOST: Final = 1 << 20
_LISTS: Final = ("business_in", "people_in", "data", "roles")


class BreachError(AdvisedError):
    """A breach cannot be begun, read or written."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach. `incident` is the incident that it is about, or empty; `head` the end of the evidence's chain."""

    id: str
    started_s: float
    by: str
    facts: Facts
    business: str = ""
    contact: str = ""
    what: str = ""
    incident: str = ""
    first_s: float | None = None
    last_s: float | None = None
    count: int | None = None
    touched: tuple[str, ...] = ()
    head: str = ""

    @property
    def text(self) -> str:
        """The record as JSON."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1) + "\n"


def evidence_path(folder: Path, id_: str) -> Path:
    """Return where the evidence of a breach stands."""
    return folder / FOLDER / f"{id_}.evidence.zip"


def write_breach(folder: Path, breach: Breach) -> None:
    """Keep a record. Raises BreachError."""
    write_private(folder / FOLDER / f"{breach.id}.json", breach.text.encode())


def write_private(path: Path, body: bytes) -> None:
    """Write a file for its owner alone, whole or not at all. Raises BreachError."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        advice = "Make room, or run this as who runs the guard."
        raise BreachError(f"{path} cannot be written.", f"{error.strerror}.", advice) from error
    finally:
        part.unlink(missing_ok=True)


def read_breach(folder: Path, id_: str) -> Breach:
    """Return a record; an empty `id_` means the newest one. Raises BreachError."""
    known = breach_ids(folder)
    if not known:
        raise BreachError("Nothing has been begun here yet.", "", "Begin with: apiward breach start")
    wanted = id_ or known[-1]
    if wanted not in known:
        raise BreachError(f"There is no breach {wanted[:40]!a}.", "", f"There are {', '.join(known[-10:])}.")
    path = folder / FOLDER / f"{wanted}.json"
    try:
        with path.open("rb") as file:
            return _parsed(json.loads(file.read(_MOST)))
    except OSError as error:
        raise BreachError(f"{path} cannot be read.", f"{error.strerror}.", "Run this as who began it.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BreachError(f"{path} cannot be used.", "It is no record of a breach.", "Put it back.") from error


def breach_ids(folder: Path) -> list[str]:
    """Return the ids of all records, the oldest first."""
    found = [path.stem for path in (folder / FOLDER).glob("*.json")]
    return sorted((id_ for id_ in found if _ID.fullmatch(id_)), key=lambda id_: (id_[:10], _begun(folder, id_)))


def _begun(folder: Path, id_: str) -> float:
    try:
        return float(json.loads((folder / FOLDER / f"{id_}.json").read_text("utf-8"))["started_s"])
    except (OSError, ValueError, TypeError, KeyError):
        return 0.0


def _parsed(table: dict[str, Any]) -> Breach:
    if table.pop("schema") != SCHEMA:
        raise ValueError("another schema")
    facts = Facts(**table.pop("facts"))
    lists: dict[str, Any] = {name: tuple(value) for name in _LISTS if (value := getattr(facts, name)) is not None}
    touched = tuple(table.pop("touched"))
    return Breach(**table, touched=touched, facts=replace(facts, **lists))
