"""Work that was begun from the page and takes a while: what it is, how far it has come, what came of it.

Each finding keeps the last of it in a file of its own, so that a page that is opened again, or a page that was started
again, still tells it.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from apiward.core.jsonvalue import parse_json
from apiward.stores.private import give_to_owner

MOST: Final = 50
"""So many are kept; of more, the oldest go."""
MOST_TEXT: Final = 40_000
_FOLDER: Final = "work"


class WorkKind(StrEnum):
    """What is done: show the rule that would hold a finding, write and prove it, or look for the finding again."""

    PLAN = "plan"
    HOLD = "hold"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work. `code` is the exit code of the command that did it; None while it runs, or if it was cut off.

    `told` is what it has written as its result, `talk` what it said on the way.
    """

    kind: WorkKind
    finding: str
    by: str
    began_s: float
    ended_s: float | None = None
    code: int | None = None
    ended_by: str = ""
    told: str = ""
    talk: str = ""
    process: int = 0


class Works:
    """The folder in which work is kept, private to who runs the page."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.folder = data / "page" / _FOLDER

    def of(self, finding: str) -> Work | None:
        """Return the last work on a finding, None where there was none."""
        return _read(self._path(finding))

    def under_way(self) -> Work | None:
        """Return what was begun and has not been ended."""
        return next((one for one in map(_read, self._all()) if one is not None and one.ended_s is None), None)

    def keep(self, work: Work) -> None:
        """Keep work as the last on its finding. Raises OSError."""
        path = self._path(work.finding)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        with self.opened(fresh.name) as descriptor, os.fdopen(os.dup(descriptor), "w", encoding="utf-8") as file:
            file.write(json.dumps(asdict(replace(work, told=work.told[:MOST_TEXT], talk=work.talk[-MOST_TEXT:]))))
        fresh.replace(path)
        self._tidy()

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[int]:
        """Give a new file of the folder that nobody else may read. Raises OSError."""
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            give_to_owner(folder, self._data)
        path = self.folder / name
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            give_to_owner(path, self._data)
            yield descriptor
        finally:
            os.close(descriptor)

    def text(self, name: str, *, most: int = MOST_TEXT) -> str:
        """Return what stands in a file of the folder, its first `most` bytes; empty where there is none."""
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(most).decode("utf-8", "replace")
        except OSError:
            return ""

    def _path(self, finding: str) -> Path:
        return self.folder / f"{hashlib.sha256(finding.encode('utf-8', 'replace')).hexdigest()[:24]}.json"

    def _all(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"), key=_changed_s, reverse=True)

    def _tidy(self) -> None:
        for path in self._all()[MOST:]:
            path.unlink(missing_ok=True)


def _changed_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(path: Path) -> Work | None:
    """Return the work of a file; what is no work of ours is none."""
    try:
        found = parse_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    if not isinstance(found, dict):
        return None
    try:
        return Work(**{**found, "kind": WorkKind(str(found["kind"]))})  # type: ignore[arg-type]  # written by us alone
    except (KeyError, TypeError, ValueError):
        return None
