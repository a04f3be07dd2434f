"""The tables [incidents] and [notify] of apiward.toml: what is one incident, who is your own, and who is told."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from apiward.config.errors import ConfigError
from apiward.config.notifying import NotifyConfig
from apiward.config.typed import read_settings
from apiward.core.settings import setting
from apiward.watch.incidents import GroupingSettings

MAX_FILE_BYTES: Final = 1_048_576


@dataclass(frozen=True, slots=True)
class IncidentsConfig:
    """`[incidents]`: what is one incident, and who is never shut out."""

    own: tuple[str, ...] = setting(
        (), 'Callers that are never shut out, as in "user:1" or "key:partner"; your networks stand in never_block.'
    )
    grouping: GroupingSettings = field(default_factory=GroupingSettings)


@dataclass(frozen=True, slots=True)
class WatchingConfig:
    """Both tables."""

    incidents: IncidentsConfig = field(default_factory=IncidentsConfig)
    notify: NotifyConfig = field(default_factory=NotifyConfig)


def load_watching(path: Path | None) -> WatchingConfig:
    """Return what the settings file says; raises ConfigError with all that is wrong with it."""
    if path is None:
        return WatchingConfig()
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read.", f"{error.strerror}.", "Check the name after --config.") from None
    config, problems = parse_watching(text[:MAX_FILE_BYTES].decode("utf-8", "replace"))
    if problems:
        why = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigError(f"{path} cannot be used.", why, f"Put it right, then try: apiward config check {path}")
    return config


def parse_watching(text: str) -> tuple[WatchingConfig, tuple[str, ...]]:
    """Return the settings in `text`, and what is wrong with it, a sentence each. Never raises."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return WatchingConfig(), (f"It is no TOML: {error}.",)
    problems: list[str] = []
    tables = {}
    for name in ("incidents", "notify"):
        tables[name] = document.get(name, {})
        if not isinstance(tables[name], dict):
            problems.append(f"{name}: must be a table.")
            tables[name] = {}
    config = WatchingConfig(
        read_settings(IncidentsConfig, tables["incidents"], "incidents", problems),
        read_settings(NotifyConfig, tables["notify"], "notify", problems),
    )
    return (WatchingConfig() if problems else config), tuple(problems)
