"""The whole file of settings, read once: what it says, and everything that is wrong with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from apiward.app.guarding.mentions import unknown_mentions
from apiward.app.guarding.place import Place
from apiward.app.guarding.starting import look
from apiward.app.rules.files import load_book
from apiward.config.business import parse_business
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.config.notifying import NotifyConfig, parse_notify
from apiward.config.page import PageConfig, parse_page
from apiward.config.scanning import ScanConfig, parse_config, read_text
from apiward.config.watching import parse_watch
from apiward.prove.neutral import one_line

MAX_SAID: Final = 10
ScanProblems: TypeAlias = Callable[[ScanConfig], Iterable[str]]
"""Says what is wrong with settings of a scan that are right by themselves: what a scan would not take."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says; a table that is wrong has its defaults. `notes` are worth a word, and stop nothing."""

    scan: ScanConfig = field(default_factory=ScanConfig)
    guard: GuardConfig = field(default_factory=GuardConfig)
    notify: NotifyConfig = field(default_factory=NotifyConfig)
    page: PageConfig = field(default_factory=PageConfig)
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def whole_settings(path: Path, environment: Mapping[str, str], scan_problems: ScanProblems) -> Settings:
    """Return what the file says, with all that is wrong with it. Raises ConfigError where it cannot be read."""
    text = read_text(path)
    scan, scan_slips = parse_config(text, environment)
    guard, guard_slips = parse_guard(text)
    watch, watch_slips = parse_watch(text)
    notify, notify_slips = parse_notify(text)
    page, page_slips = parse_page(text)
    slips = dict.fromkeys(
        (*scan_slips, *guard_slips, *watch_slips, *notify_slips, *parse_business(text)[1], *page_slips)
    )
    deeper = [] if scan_slips else [*scan_problems(scan)]
    guard_problems, notes = ((), ()) if guard_slips else _looked(path, guard)
    deeper += guard_problems
    if watch.rules:
        deeper += problems_in(lambda: load_book(watch.rules, path.parent))
    return Settings(scan, guard, notify, page, (*slips, *deeper), notes)


def problems_in(attempt: Callable[[], object]) -> list[str]:
    """Return what an attempt fails for; nothing where it works."""
    try:
        attempt()
    except AdvisedError as error:
        return [str(error)]
    return []


def _looked(path: Path, guard: GuardConfig) -> tuple[tuple[str, ...], tuple[str, ...]]:
    looked = look(guard, Place.of(path, guard))
    unread = [
        f"The description is not read at {one_line(problem.pointer) or '/'}: {one_line(problem.message)}"
        for problem in (looked.api.problems if looked.api is not None else ())[:MAX_SAID]
    ]
    return looked.problems, (*unread, *map(one_line, unknown_mentions(guard, looked.api)[:MAX_SAID]))
