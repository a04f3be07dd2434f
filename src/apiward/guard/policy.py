"""Which stage is off, only watches, or enforces: globally, per operation and per path; and what its failure means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Final

from apiward.core.decision import Mode
from apiward.core.settings import setting
from apiward.guard.allowing import moment_of
from apiward.guard.stage import StageName, Stance

_OPENING: Final = {StageName.FLOOD, StageName.QUOTA, StageName.CONDUCT, StageName.LEARN, StageName.HARDEN}
STANCES: Final[Mapping[StageName, Stance]] = MappingProxyType(
    {name: Stance.OPEN if name in _OPENING else Stance.CLOSED for name in StageName}
)
"""What a failure means where nobody says otherwise: what counts or polishes opens, all else stays shut."""

_DEPENDENT: Final = (StageName.ROUTE, StageName.SHAPE)
"""Stages that hold requests against the description."""
_WILD: Final = re.compile(r"(/\*\*$|\*\*|\*)")


@dataclass(frozen=True, slots=True)
class ModeException:
    """Other modes for some operations or paths. The last exception that speaks of a stage wins."""

    operation: str = setting("", 'The operation, as in "POST /notes" or "* /notes/*".')
    path: str = setting("", 'The paths, as in "/public/**"; * stands for one part of a path, ** for any number.')
    mode: str = setting("", "The mode of all stages there: off, watch or enforce.")
    modes: Mapping[str, str] = setting({}, "The modes of single stages there.")
    reason: str = setting("", "Why. It is shown wherever the exception is.")

    def __post_init__(self) -> None:
        if bool(self.operation) == bool(self.path):
            raise ValueError("operation: an exception needs either an operation or a path")
        if not (self.mode or self.modes):
            raise ValueError("mode: an exception needs a mode, or the modes of single stages")
        if self.mode:
            mode_of(self.mode, "mode")
        stage_modes(self.modes, "modes")

    def covers(self, key: str, path: str) -> bool:
        """Return whether it speaks of the operation `key` (`GET /a/{id}`), or of its path."""
        if self.path:
            return _wild(self.path).fullmatch(path) is not None
        method, _, wanted = self.operation.partition(" ")
        return method in ("*", key.partition(" ")[0]) and _wild(wanted).fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class ModeRule:
    """The mode of one stage on one operation, as a command or the autopilot wrote it: since when, and why."""

    operation: str = setting("", 'The operation, as in "POST /notes".')
    stage: str = setting("", "The stage.")
    mode: str = setting("", "Its mode there: watch or enforce.")
    by: str = setting("", "Who said so: autopilot, or a name.")
    since: str = setting("", "Since when.")
    reason: str = setting("", "Why.")

    def __post_init__(self) -> None:
        if " /" not in self.operation:
            raise ValueError(f'operation: {self.operation[:60]!r} is none; write it as "POST /notes"')
        stage_modes({self.stage: self.mode}, "stage")
        _ = self.since_s

    @property
    def since_s(self) -> float:
        """Since when, in seconds since the epoch."""
        return moment_of(self.since, "since")

    @property
    def exception(self) -> ModeException:
        """The same as an exception of the policy."""
        return ModeException(operation=self.operation, modes={self.stage: self.mode}, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Policy:
    """The modes and stances of all stages."""

    mode: Mode = Mode.ENFORCE
    modes: Mapping[StageName, Mode] = field(default_factory=dict)
    stances: Mapping[StageName, Stance] = field(default_factory=lambda: STANCES)
    exceptions: tuple[ModeException, ...] = ()
    learned: frozenset[str] = frozenset()
    """Keys of operations whose description was learned. What depends on it only watches there, unless an exception
    says otherwise."""

    @property
    def all_modes(self) -> Mapping[StageName, Mode]:
        """The modes of all stages where no exception speaks."""
        return {name: self.modes.get(name, self.mode) for name in StageName}

    def modes_for(self, key: str, path: str) -> tuple[Mode, ...]:
        """Return the modes of all stages in their order, for an operation by its key and the path of its template.

        For a request that nothing describes, `key` is its method and path.
        """
        modes = dict(self.all_modes)
        if key in self.learned:
            modes |= {name: Mode.WATCH for name in _DEPENDENT if modes[name] is Mode.ENFORCE}
        for one in self.exceptions:
            if one.covers(key, path):
                if one.mode:
                    modes = dict.fromkeys(StageName, Mode(one.mode))
                modes |= stage_modes(one.modes, "modes")
        return tuple(modes.values())

    def stance(self, name: StageName) -> Stance:
        """Return what happens to a request when the stage cannot do its work."""
        return self.stances.get(name, STANCES[name])


def mode_of(word: str, where: str) -> Mode:
    """Return the mode that `word` names; raises ValueError with `where` it stands."""
    try:
        return Mode(word)
    except ValueError:
        raise ValueError(f'{where}: "{word[:40]}" is no mode; allowed are {", ".join(Mode)}') from None


def stage_modes(words: Mapping[str, str], where: str) -> dict[StageName, Mode]:
    """Return the modes of single stages; raises ValueError with `where` they stand."""
    found = {}
    for name, word in words.items():
        if name not in frozenset(StageName):
            raise ValueError(f'{where}: "{name[:40]}" is no stage; the stages are {", ".join(StageName)}')
        found[StageName(name)] = mode_of(word, f"{where}.{name}")
    return found


@cache
def _wild(text: str) -> re.Pattern[str]:
    parts = {"/**": "(?:/.*)?", "**": ".*", "*": "[^/]*"}
    return re.compile("".join(parts.get(part) or re.escape(part) for part in _WILD.split(text) if part), re.DOTALL)
