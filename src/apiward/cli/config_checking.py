"""What `apiward config check` does: everything that is wrong is said at once, not one slip after the other."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from apiward.app.guarding.mentions import unknown_mentions
from apiward.app.guarding.place import Place
from apiward.app.guarding.starting import look
from apiward.app.rules.files import load_book
from apiward.cli.addresses import address_of
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import behind
from apiward.cli.selection import chosen_checks
from apiward.cli.speaking import say, write_out
from apiward.config.business import parse_business
from apiward.config.errors import AdvisedError, ConfigError
from apiward.config.guarding import GuardConfig, parse_guard
from apiward.config.notifying import parse_notify
from apiward.config.page import parse_page
from apiward.config.scanning import ScanConfig, load_config, parse_config
from apiward.config.watching import parse_watch
from apiward.prove.neutral import one_line
from apiward.scan.registry import CHECKS

MAX_SAID: Final = 10


def check_file(name: str) -> int:
    """Say that the file is right. Raises ConfigError with all that is wrong with it."""
    path = Path(name)
    text = _text(path)
    scan, scan_slips = parse_config(text, os.environ)
    guard, guard_slips = parse_guard(text)
    watch, watch_slips = parse_watch(text)
    others = (*watch_slips, *parse_notify(text)[1], *parse_business(text)[1], *parse_page(text)[1])
    problems = list(dict.fromkeys((*scan_slips, *guard_slips, *others)))
    if not scan_slips:
        problems += _scan_problems(scan)
    if not guard_slips:
        problems += _guard_problems(path, guard)
    if watch.rules:
        problems += _problem(lambda: load_book(watch.rules, path.parent))
    if problems:
        why = "\n".join(f"- {problem}" for problem in problems)
        raise ConfigError(f"{path} cannot be used.", why, f"Put it right, then try: apiward config check {path}")
    accounts = f"{len(scan.accounts)} account{'' if len(scan.accounts) == 1 else 's'}"
    guarded = f"; the guard stands before {behind(guard)}" if behind(guard) else ""
    write_out(f"{path} is right: {scan.url or 'no url'}, {accounts}{guarded}.\n")
    return ExitCode.HOLDS


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        load_config(path, os.environ)  # has the words for what is wrong with the file itself
        raise


def _scan_problems(scan: ScanConfig) -> list[str]:
    tries: list[Callable[[], object]] = [lambda: chosen_checks(CHECKS, scan.only, scan.skip)]
    if scan.url:
        tries.append(lambda: address_of(scan.url))
    return [problem for attempt in tries for problem in _problem(attempt)]


def _problem(attempt: Callable[[], object]) -> list[str]:
    try:
        attempt()
    except AdvisedError as error:
        return [str(error)]
    return []


def _guard_problems(path: Path, guard: GuardConfig) -> tuple[str, ...]:
    looked = look(guard, Place.of(path, guard))
    for problem in (looked.api.problems if looked.api is not None else ())[:MAX_SAID]:
        say(f"The description is not read at {one_line(problem.pointer) or '/'}: {one_line(problem.message)}")
    for mention in unknown_mentions(guard, looked.api)[:MAX_SAID]:
        say(one_line(mention))
    return looked.problems
