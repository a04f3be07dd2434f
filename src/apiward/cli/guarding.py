"""What `apiward guard` does: reads the settings, tells what is wrong with them, and serves."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from apiward.app.guarding.description import is_address
from apiward.app.guarding.place import Overrides, Place
from apiward.app.guarding.proxying import run_proxy
from apiward.app.guarding.verifying import run_verify
from apiward.cli.addresses import address_of
from apiward.cli.either import misplaced
from apiward.cli.exits import ExitCode
from apiward.cli.further import GUARD
from apiward.cli.guard_judging import judge
from apiward.cli.handing import tell_guard
from apiward.cli.state import state_of
from apiward.config.errors import AdvisedError
from apiward.config.guarding import GuardConfig, load_guard
from apiward.config.names import FILE_NAME
from apiward.config.rules_file import load_rules_file
from apiward.core.decision import Mode
from apiward.guard.readiness import counted


def guard(params: Mapping[str, object]) -> int:
    """Run the command with the parameters that click has read; returns the exit code."""
    overrides = _overrides(params)
    file, config = settings(params)
    config = overrides.applied(config)
    place = Place.of(file, config)
    if params.get("replay") or params.get("tests"):
        return judge(params, place, load_rules_file(place.base).applied(config))
    if params.get("form"):
        why = "A guard that runs says what it does in its events."
        raise AdvisedError("--format belongs to --replay and --test.", why, "See: apiward guard --help")
    tell_guard(place, config, state_of(os.environ), time.time())
    run = run_verify if params.get("verify") else run_proxy
    run(place, config, overrides)
    return ExitCode.HOLDS


def settings(params: Mapping[str, object]) -> tuple[Path | None, GuardConfig]:
    """Return the settings file that counts, if there is one, and what it says. Raises ConfigError."""
    named = params.get("config")
    file = Path(str(named)) if named else Path(FILE_NAME)
    if not named and not file.exists():
        return None, GuardConfig()
    return file, load_guard(file)


def behind(config: GuardConfig) -> str:
    """Return what the guard stands before, in words; empty where no API is named."""
    return config.upstream or (counted(len(config.upstreams), "upstream") if config.upstreams else "")


def _overrides(params: Mapping[str, object]) -> Overrides:
    url = params.get("url")
    slip = misplaced(str(url), "apiward guard", GUARD) if url else None
    if slip is not None:
        raise slip
    spec = str(params.get("spec") or "")
    workers = params.get("workers")
    return Overrides(
        upstream=address_of(str(url)) if url else "",
        listen=str(params.get("listen") or ""),
        description=typed_place(spec),
        mode=Mode.WATCH if params.get("watch") else None,
        workers=workers if isinstance(workers, int) else None,
        data=str(Path(str(params["data"])).absolute()) if params.get("data") else "",
        is_rehearsal=params.get("rehearsal") is True,
    )


def typed_place(spec: str) -> str:
    """Return a description as it was typed: a file name begins here, not where the settings are."""
    return spec if not spec or is_address(spec) else str(Path(spec).absolute())
