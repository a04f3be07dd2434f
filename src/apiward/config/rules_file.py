"""The file `apiward.rules.toml`: rules that commands write and people may read, change and keep under version control.

It stands beside `apiward.toml`. Each kind of rule is a list of tables there, such as `[[patch]]`. What a person wrote
into the file (comments, order) stays as it is when a command adds or takes out a rule.
"""

import contextlib
import fcntl
import hashlib
import os
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from apiward.access.ownership.rules import ObjectRule
from apiward.access.ownership.settings import ShareRule, check_kinds
from apiward.config.errors import ConfigError
from apiward.config.guarding import GuardConfig
from apiward.config.names import RULES_NAME
from apiward.config.tables import MAX_FILE_BYTES
from apiward.config.typed import read_settings
from apiward.core.decision import Mode
from apiward.core.objects import ObjectMode
from apiward.core.settings import setting
from apiward.guard.allowing import Allowance, moment_of
from apiward.guard.patching import Patch
from apiward.guard.policy import ModeException, ModeRule
from apiward.guard.stage import StageName

_HEAD: Final = (
    "Rules that apiward wrote. You may read, change and delete them; the guard follows within a second.\n"
    "Each says why it is there, who answers for it, and when it ends."
)


@dataclass(frozen=True, slots=True)
class Consent:
    """`[autopilot]`: what the owner said last with `apiward guard autopilot on` or `off`. It wins over the settings."""

    state: str = setting("", "on or off; empty where nobody has said.")
    since: str = setting("", "When it was said.")
    by: str = setting("", "Who said it.")

    def __post_init__(self) -> None:
        if self.state not in {"", "on", "off"}:
            raise ValueError("state: must be on or off")
        moment_of(self.since, "since")

    def said(self, *, default: bool) -> bool:
        """Return whether the autopilot may switch."""
        return self.state == "on" if self.state else default


@dataclass(frozen=True, slots=True)
class RulesFile:
    """What stands in the file. The names of its lists are those of the tables: `[[patch]]`."""

    patch: tuple[Patch, ...] = setting((), "Rules that hold a hole shut; `apiward patch` writes them.")
    object: tuple[ObjectRule, ...] = setting(
        (), "Kinds of objects: whose they are, and what becomes of foreign access."
    )
    share: tuple[ShareRule, ...] = setting((), "Callers who may reach each other's objects; `apiward objects share`.")

    allow: tuple[Allowance, ...] = setting((), "Refusals that are excluded; `apiward allow` writes them.")
    mode: tuple[ModeRule, ...] = setting((), "Modes of single stages; the autopilot writes them.")
    autopilot: Consent = field(default_factory=Consent)

    def __post_init__(self) -> None:
        check_kinds(self.object, "object")
        ids = [one.id for one in self.allow]
        twice = next((name for name in ids if ids.count(name) > 1), "")
        if twice:
            raise ValueError(f"allow: there are two with the id {twice[:60]!r}")

    def applied(self, config: GuardConfig, now_s: float = 0.0) -> GuardConfig:
        """Return the settings with the rules of the file, which hold in a guard that only watches, too.

        Somebody asked for each of these rules by name. A mode that the owner gave the stage itself still wins.
        """
        held = tuple(_enforced(patch) for patch in self.patch if patch.stages and not patch.has_ended(now_s))
        named = {rule.id for rule in self.object}  # what a command wrote of a kind stands in the place of the settings'
        return replace(
            config,
            patches=replace(config.patches, patch=(*config.patches.patch, *self.patch)),
            objects=replace(
                config.objects,
                rules=(*(rule for rule in config.objects.rules if rule.id not in named), *self.object),
                shares=(*config.objects.shares, *self.share),
            ),
            modes={**self._modes(), **config.modes},
            exceptions=(*config.exceptions, *held),
            autopilot=replace(config.autopilot, enabled=self.autopilot.said(default=config.autopilot.enabled)),
            allowed=(*config.allowed, *self.allow),
            switched=(*config.switched, *self.mode),
        )

    def _modes(self) -> dict[str, str]:
        """Return the stages that must enforce, for what is asked of them here to be done."""
        is_due = {
            StageName.PATCHES: bool(self.patch),
            StageName.OBJECTS: any(rule.mode is ObjectMode.ENFORCE for rule in self.object),
        }
        return {name.value: Mode.ENFORCE.value for name, is_due_here in is_due.items() if is_due_here}


def rules_path(base: Path) -> Path:
    """Return where the file stands, for a guard whose relative names begin at `base`."""
    return base / RULES_NAME


def rules_text(base: Path) -> bytes:
    """Return the file as it stands, empty where there is none or it cannot be read."""
    try:
        with rules_path(base).open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return b""


def rules_digest(base: Path) -> str:
    """Return a short name of what the file says now: a guard that runs tells by it which rules it has taken."""
    return hashlib.sha256(rules_text(base)).hexdigest()[:16]


def restore_rules(base: Path, text: bytes) -> None:
    """Put the file back as `rules_text` gave it. Raises ConfigError."""
    path = rules_path(base)
    if text:
        _write(path, text.decode("utf-8"))
    else:
        path.unlink(missing_ok=True)


def load_rules_file(base: Path) -> RulesFile:
    """Return the rules at `base`, none where there is no file. Raises ConfigError with all that is wrong with them."""
    path = rules_path(base)
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return RulesFile()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read.", f"{error.strerror}.", "Make it readable.") from None
    if len(text) > MAX_FILE_BYTES:
        raise ConfigError(f"{path} cannot be used.", "It is larger than 1 MB.", "Take out what is not needed.")
    rules, problems = parse_rules(text.decode("utf-8", "replace"))
    if problems:
        why = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigError(f"{path} cannot be used.", why, "Put it right; until then the last good rules hold.")
    return rules


def parse_rules(text: str) -> tuple[RulesFile, tuple[str, ...]]:
    """Return the rules in `text`, and what is wrong with it, a sentence each. Never raises."""
    try:
        document = tomllib.loads(text)
    except RecursionError:
        return RulesFile(), ("It is nested too deeply.",)
    except ValueError as error:
        return RulesFile(), (f"It is no TOML: {error}.",)
    problems: list[str] = []
    rules = read_settings(RulesFile, document, "", problems)
    return (RulesFile() if problems else rules), tuple(problems)


def add_rules(base: Path, kind: str, rules: Iterable[Mapping[str, object]]) -> None:
    """Append tables `[[kind]]`. Raises ConfigError where the whole would be no good; then nothing is written."""
    _edit(base, lambda document: _append(document, kind, rules))


def named(ids: Collection[str]) -> Callable[[Mapping[str, object]], bool]:
    """Return what tells the tables with one of these ids, for `remove_rules` and `replace_rules`."""
    return lambda table: str(table.get("id")) in ids


def remove_rules(base: Path, kind: str, wanted: Callable[[Mapping[str, object]], bool]) -> int:
    """Take out the tables `[[kind]]` that are `wanted`, and return how many there were. Raises ConfigError."""
    removed = 0

    def without(document: "dict[str, object]") -> None:
        nonlocal removed
        removed = _take_out(document, kind, wanted)

    _edit(base, without)
    return removed


def _enforced(patch: Patch) -> ModeException:
    """Return what makes the stages of a patch enforce at its operation."""
    modes = dict.fromkeys(patch.stages, Mode.ENFORCE.value)
    return ModeException(operation=patch.operation, modes=modes, reason=f"patch {patch.id}")


def set_table(base: Path, kind: str, table: Mapping[str, object]) -> None:
    """Write the one table `[kind]` in the place of what stood there. Raises ConfigError."""

    def exchanged(document: "dict[str, object]") -> None:
        document[kind] = dict(table)

    _edit(base, exchanged)


def replace_rules(
    base: Path, kind: str, wanted: Callable[[Mapping[str, object]], bool], rules: Iterable[Mapping[str, object]]
) -> None:
    """Take out the tables `[[kind]]` that are `wanted` and append `rules`, in one write. Raises ConfigError."""
    fresh = list(rules)

    def exchanged(document: "dict[str, object]") -> None:
        _take_out(document, kind, wanted)
        if fresh:
            _append(document, kind, fresh)

    _edit(base, exchanged)


def _edit(base: Path, change: "Callable[[dict[str, object]], None]") -> None:
    """Change the file, one program at a time: a command and the autopilot may write in the same moment."""
    with alone(base):
        _edit_alone(base, change)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder itself, so that no file of a lock is left in it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be read.", f"{error.strerror}.", "Name another folder.") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _edit_alone(base: Path, change: "Callable[[dict[str, object]], None]") -> None:
    import tomlkit  # noqa: PLC0415 - late: only commands that write need it

    path = rules_path(base)
    load_rules_file(base)  # what is no good already must not be made worse
    if path.exists():
        document = tomlkit.parse(path.read_text("utf-8"))
    else:
        document = tomlkit.document()
        for line in _HEAD.split("\n"):
            document.add(tomlkit.comment(line))
    change(document)
    text = tomlkit.dumps(document)
    _, problems = parse_rules(text)
    if problems:
        why = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigError(f"{path} would be no good with this change.", why, "Nothing was written.")
    _write(path, text)


def _append(document: "dict[str, object]", kind: str, rules: Iterable[Mapping[str, object]]) -> None:
    import tomlkit  # noqa: PLC0415 - late: only commands that write need it

    tables = document.setdefault(kind, tomlkit.aot())
    for rule in rules:
        table = tomlkit.table()
        table.update(rule)
        tables.append(table)  # type: ignore[attr-defined]


def _take_out(document: "dict[str, object]", kind: str, wanted: Callable[[Mapping[str, object]], bool]) -> int:
    tables = document.get(kind)
    if not isinstance(tables, list):
        return 0
    removed = 0
    for index in range(len(tables) - 1, -1, -1):
        if wanted(tables[index]):
            del tables[index]
            removed += 1
    if not tables:
        del document[kind]
    return removed


def _write(path: Path, text: str) -> None:
    """Exchange the file as a whole, so that a guard that runs never reads the half of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ConfigError(f"{path} cannot be written.", f"{error.strerror}.", "Make the folder writable.") from None
