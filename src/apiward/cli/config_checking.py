"""What `apiward config check` does: everything that is wrong is said at once, not one slip after the other."""

import os
from pathlib import Path

from apiward.app.doctoring.settings import problems_in, whole_settings
from apiward.cli.addresses import address_of
from apiward.cli.exits import ExitCode
from apiward.cli.guarding import behind
from apiward.cli.selection import chosen_checks
from apiward.cli.speaking import say, write_out
from apiward.config.errors import ConfigError
from apiward.config.scanning import ScanConfig
from apiward.scan.registry import CHECKS


def check_file(name: str) -> int:
    """Say that the file is right. Raises ConfigError with all that is wrong with it."""
    path = Path(name)
    found = whole_settings(path, os.environ, scan_problems)
    for note in found.notes:
        say(note)
    if found.problems:
        why = "\n".join(f"- {problem}" for problem in found.problems)
        raise ConfigError(f"{path} cannot be used.", why, f"Put it right, then try: apiward config check {path}")
    scan, guard = found.scan, found.guard
    accounts = f"{len(scan.accounts)} account{'' if len(scan.accounts) == 1 else 's'}"
    guarded = f"; the guard stands before {behind(guard)}" if behind(guard) else ""
    write_out(f"{path} is right: {scan.url or 'no url'}, {accounts}{guarded}.\n")
    return ExitCode.HOLDS


def scan_problems(scan: ScanConfig) -> list[str]:
    """Return what a scan would not take: checks that are not there, and what is no address."""
    found = problems_in(lambda: chosen_checks(CHECKS, scan.only, scan.skip))
    return found + (problems_in(lambda: address_of(scan.url)) if scan.url else [])
