"""The table [watch] of apiward.toml: which logs are read, and how each is understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apiward.config.automatic import AutomaticConfig
from apiward.config.tables import load_table, parse_table
from apiward.core.settings import setting
from apiward.watch.incidents import GroupingSettings
from apiward.watch.settings import SeeingSettings


class CallerKind(StrEnum):
    """What a caller's name in a log is the name of."""

    USER = "user"
    KEY = "key"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """`[[watch.sources]]`: one log. It needs `file` or `journal`."""

    file: str = setting("", "The log, such as /var/log/nginx/access.log. It may be exchanged and compressed meanwhile.")
    journal: str = setting("", "A service whose lines are in the journal instead, such as nginx.service.")
    name: str = setting("", "What the log is called; the name of its file if not given.")
    format: str = setting(
        "",
        "Its form: a name such as combined, or the text of log_format, LogFormat or log-format. Empty: found out.",
    )
    principal: str = setting("", "The field that says who calls, such as http_x_user_id or user.id.")
    token: str = setting("", "A field that holds a session or token: only a keyed hash of it is kept.")
    kind: CallerKind = setting(CallerKind.USER, "What names there are of: user, key or device.")  # noqa: RUF009 - an enum member
    hide_names: bool = setting(default=False, help_text="Keep a keyed hash in the place of names.")
    forwarded: str = setting("", "The field with the addresses before proxies, where it has a name of its own.")
    trusted_proxies: tuple[str, ...] = setting(
        (), "Networks of your own proxies; those of [guard.origin] if not given."
    )
    time_zone: str = setting("UTC", "The zone of times that name none, such as Europe/Berlin.")
    mapping: Mapping[str, str] = setting({}, 'For JSON lines: which field holds what, such as client = "remote.ip".')

    def __post_init__(self) -> None:
        if self.file and self.journal:
            raise ValueError("file: a log is a file or a journal, not both")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'time_zone: "{self.time_zone[:40]}" is no zone, such as Europe/Berlin') from None


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """`[watch]` with all its tables."""

    sources: tuple[SourceConfig, ...] = setting((), "Logs that are read beside the guard's own events.")
    own: bool = setting(default=True, help_text="Watch what the guard itself has seen.")
    keep_events: bool = setting(
        default=True, help_text="Keep the requests that were read from logs, as the guard does."
    )
    rules: tuple[str, ...] = setting(
        (), "Files with rules of your own, in Sigma, such as rules/*.yml; relative names begin beside this file."
    )
    seeing: SeeingSettings = field(default_factory=SeeingSettings)
    grouping: GroupingSettings = field(default_factory=GroupingSettings)
    automatic: AutomaticConfig = field(default_factory=AutomaticConfig)

    def __post_init__(self) -> None:
        for number, source in enumerate(self.sources, 1):
            if not source.file and not source.journal:
                raise ValueError(f"sources[{number}].file: a log needs file or journal")


def load_watch(path: Path) -> WatchConfig:
    """Return the settings of watch in the file at `path`; raises ConfigError with all that is wrong with them."""
    return load_table(path, parse_watch)


def parse_watch(text: str) -> tuple[WatchConfig, tuple[str, ...]]:
    """Return the settings of watch in `text`, and what is wrong with them, a sentence each. Never raises."""
    return parse_table(WatchConfig, "watch", text)
