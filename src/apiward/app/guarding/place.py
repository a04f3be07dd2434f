"""Where a guard lives, and what the command line says of its settings."""

from dataclasses import dataclass, replace
from pathlib import Path

from apiward.config.guarding import GuardConfig
from apiward.config.names import DATA_NAME
from apiward.core.decision import Mode
from apiward.guard.stages.quota import QuotaSettings


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says; it wins over the file."""

    upstream: str = ""
    listen: str = ""
    description: str = ""
    mode: Mode | None = None
    workers: int | None = None
    data: str = ""
    is_rehearsal: bool = False
    """Whether a scan is to judge this guard: it sends far more than one caller may."""

    def applied(self, config: GuardConfig) -> GuardConfig:
        """Return the settings that hold."""
        said = {
            "upstream": self.upstream,
            "listen": self.listen,
            "description": self.description,
            "mode": self.mode,
            "workers": self.workers,
            "data": self.data,
            "quota": QuotaSettings(per_minute=0, concurrency=0, tell=config.quota.tell) if self.is_rehearsal else None,
        }
        return replace(config, **{name: value for name, value in said.items() if value})  # type: ignore[arg-type] # by name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a guard lives: its settings file, where relative names begin, and its folder for data."""

    file: Path | None
    base: Path
    data: Path

    @classmethod
    def of(cls, file: Path | None, config: GuardConfig) -> "Place":
        """Return the place of a guard with these settings."""
        base = file.resolve().parent if file is not None else Path.cwd()
        return cls(file, base, base / (config.data or DATA_NAME))
