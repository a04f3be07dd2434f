"""Puts a watch together: the sources that are wanted, what understands them, and where all is kept."""

import contextlib
import fcntl
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from apiward.app.guarding.building import kept_secret
from apiward.app.guarding.place import Place
from apiward.app.watching.origins import origin_of
from apiward.app.watching.reading import LogReading
from apiward.app.watching.sources.files import FileSource, log_name
from apiward.app.watching.sources.journal import JournalSource
from apiward.app.watching.sources.model import Source, position_of
from apiward.app.watching.sources.streams import StreamSource
from apiward.config.errors import AdvisedError
from apiward.config.watching import SourceConfig
from apiward.core.api import Api
from apiward.core.principal import PrincipalKind
from apiward.guard.routing import RouteTable
from apiward.watch.logs.making import Digest, Match, Meaning
from apiward.watch.logs.model import Wishes
from apiward.watch.logs.paths import PathTemplates
from apiward.watch.logs.registry import form_named
from apiward.watch.logs.templates.slots import FormError

STANDARD_INPUT: Final = "-"
LOCK: Final = "watch.lock"
_PEPPER: Final = "pepper"
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for all logs: where relative names begin, the key of hashes, the description, own proxies."""

    base: Path
    digest: Digest
    api: Api | None = None
    trusted_proxies: tuple[str, ...] = ()
    templates: PathTemplates = field(default_factory=PathTemplates)


def surroundings_of(place: Place, api: Api | None, trusted: tuple[str, ...], *, is_kept: bool) -> Surroundings:
    """Return them; where nothing is kept, hashes are of a key that is forgotten at the end."""
    key = kept_secret(_made(place.data), _PEPPER) if is_kept else secrets.token_bytes(32)
    return Surroundings(place.base, digest_of(key), api, trusted)


def digest_of(key: bytes) -> Digest:
    """Return what makes keyed hashes of texts."""
    kept = key[:64]

    def digest(text: str) -> str:
        return blake2b(text.encode("utf-8", "backslashreplace"), key=kept, digest_size=9).hexdigest()

    return digest


def open_reading(
    source: SourceConfig, around: Surroundings, position: str = "", *, is_followed: bool = False
) -> LogReading:
    """Return one log, ready to be read from `position` on. Raises AdvisedError."""
    found = position_of(position)
    name = name_of(source)
    try:
        form = form_named(source.format) if source.format else None
    except FormError as error:
        raise AdvisedError(f"{name}: the form cannot be used.", f"{error}.", "See: apiward watch --help") from None
    wishes = Wishes(
        source.principal, source.token, source.forwarded, _zone_s(source.time_zone), tuple(source.mapping.items())
    )
    opened: Source
    if source.journal:
        opened = JournalSource(source.journal, name, found, is_followed=is_followed)
    elif source.file == STANDARD_INPUT:
        opened = StreamSource(standard_input(), name)
    else:
        path = around.base / source.file
        key = str(path.resolve().parent / log_name(path))  # where it lies, so that equal files of two servers are two
        opened = FileSource(path, name, found, is_followed=is_followed, key=key)
    return LogReading(opened, form, wishes, meaning_of(source, around), found)


def standard_input() -> int:
    """Return the descriptor of what is sent to this program."""
    return sys.stdin.fileno()


def meaning_of(source: SourceConfig, around: Surroundings) -> Meaning:
    """Return how the lines of a log are understood. Raises AdvisedError."""
    try:
        origin = origin_of(source.trusted_proxies or around.trusted_proxies)
    except ValueError as error:
        raise AdvisedError(f"{name_of(source)}: its settings cannot be used.", f"{error}.") from None
    return Meaning(
        name_of(source),
        around.digest,
        origin,
        match_of(around.api) if around.api is not None else None,
        PrincipalKind(source.kind.value),
        hides_names=source.hide_names,
        templates=around.templates,
    )


def match_of(api: Api) -> Match:
    """Return what finds the operation of a request."""
    table = RouteTable(api)

    def match(method: str, path: str) -> tuple[str, tuple[str, ...]]:
        found = table.match(method, path)
        return found.operation_key, found.arguments

    return match


def name_of(source: SourceConfig) -> str:
    """Return what a log is called."""
    if source.name or source.journal:
        return (source.name or source.journal)[:_LONGEST]
    return "standard input" if source.file == STANDARD_INPUT else log_name(Path(source.file))[:_LONGEST]


def with_own_names(sources: Sequence[SourceConfig]) -> list[SourceConfig]:
    """Return logs of which no two have one name: those of equal files are called by their folders as well."""
    folders: dict[str, set[str]] = {}
    for source in sources:
        folders.setdefault(name_of(source), set()).add(Path(source.file).parent.name)
    made: list[SourceConfig] = []
    for source in sources:
        name, folder = name_of(source), Path(source.file).parent.name
        is_shared = len(folders[name]) > 1 and source.file and not source.name
        made.append(replace(source, name=f"{folder}/{name}") if is_shared and folder else source)
    return made


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the watch of a data folder: two would tell everything twice. Raises AdvisedError."""
    descriptor = os.open(_made(folder) / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            advice = "End it first, or look without keeping anything: apiward watch --fresh FILE"
            raise AdvisedError("Another watch runs already.", f"It holds {folder / LOCK}.", advice) from None
        yield
    finally:
        os.close(descriptor)


def templates_part(templates: PathTemplates) -> dict[str, bytes]:
    """Return what was learned of paths as a part of a checkpoint."""
    return {"paths": "\n".join(templates.state()).encode("utf-8", "backslashreplace")}


def templates_of(parts: Mapping[str, bytes]) -> PathTemplates:
    """Return what an earlier run has learned of paths."""
    return PathTemplates(filter(None, parts.get("paths", b"").decode("utf-8", "replace").split("\n")))


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise AdvisedError(
            f"{folder} cannot be made.", f"{error.strerror}.", "Name another folder with --data."
        ) from None
    return folder


def _zone_s(name: str) -> float:
    """Return the zone of times that name none, as it is now: seconds east of UTC."""
    found = ZoneInfo(name).utcoffset(datetime.now(UTC).astimezone(ZoneInfo(name)))
    return found.total_seconds() if found is not None else 0.0
