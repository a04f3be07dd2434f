"""One scan from the first request to the report, with progress, and with an ear for Ctrl-C."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apiward.app.call_listening import listening
from apiward.app.scan_running import run_scan
from apiward.app.scanning import Described, Permission
from apiward.cli.meeting import meet
from apiward.cli.progress import Watcher
from apiward.cli.reaching import app_of, reached
from apiward.cli.recording import Recording
from apiward.cli.running import Stopper, run_stoppable
from apiward.cli.selection import chosen_operations
from apiward.cli.state import State
from apiward.cli.wanted import Wanted
from apiward.core.ports import Sender
from apiward.core.scan_report import ScanReport
from apiward.scan.api import Check
from apiward.scan.calling.traffic import Budget, budget_for
from apiward.scan.engine import Scan, ScanSettings
from apiward.scan.level import Level

STOPPING = "Stopping: what is under way ends, is cleaned up and reported. Once more: stop at once."


@dataclass(frozen=True, slots=True)
class Result:
    """A scan that was made, and why it was permitted."""

    report: ScanReport
    permission: Permission


def execute(
    asked: Wanted, checks: Sequence[Check], state: State, show: Watcher, recording: Recording | None = None
) -> Result:
    """Meet the API and scan it; `recording` gets what was sent. Raises AdvisedError; click.Abort if stopped at once."""
    app = app_of(asked)

    async def work(stopper: Stopper) -> Result:
        def begun(scan: Scan) -> None:
            def stop() -> None:
                show.tell(STOPPING)
                scan.stop()

            stopper.on_stop = stop
            if recording is not None:
                recording.begun(scan)

        async with reached(asked, app) as sender:
            way = sender if recording is None else recording.around(sender)
            return await scanned(way, asked, checks, state, show, begun)

    try:
        return run_stoppable(work)
    finally:
        show.close()
        if recording is not None:
            recording.write()


async def scanned(
    sender: Sender,
    asked: Wanted,
    checks: Sequence[Check],
    state: State,
    show: Watcher,
    begun: Callable[[Scan], None],
) -> Result:
    """Meet what `sender` leads to and scan it; `begun` gets the scan before it starts. Raises AdvisedError."""
    described, permission = await meet(sender, asked, state)
    level = permission.default_level if asked.level is None else asked.level
    _tell_start(show, described, permission, level)

    settings = settings_of(asked, described, level)
    with listening(asked.listen, None if permission.is_in_process else permission.scope) as listener:
        report = await run_scan(
            described,
            checks,
            settings,
            sender=sender,
            listen=show.listen,
            begun=begun,
            listener=listener,
            is_in_process=permission.is_in_process,
            is_insecure=asked.is_insecure,
            rate_per_s=asked.rate_per_s,
        )
    return Result(report, permission)


def settings_of(asked: Wanted, described: Described, level: Level) -> ScanSettings:
    """Return how the scan is to be made. Raises AdvisedError for operations that the API does not have."""
    usual = budget_for(len(described.api.operations))
    return ScanSettings(
        level=level,
        accounts=asked.accounts,
        only_operations=chosen_operations(described.api, asked.operations),
        forbidden_operations=chosen_operations(described.api, asked.leave_alone),
        allow_dangerous=asked.is_allowed,
        budget=Budget(asked.budget or usual.requests, asked.connections or usual.at_a_time),
        extra_headers=asked.headers,
        seed=asked.seed,
        patience_s=asked.patience_s,
        may_try_defaults=asked.may_try_defaults,
        uses_roles=asked.uses_roles,
    )


def _tell_start(show: Watcher, described: Described, permission: Permission, level: Level) -> None:
    api = described.api
    ground = {"stated": "you say that you have permission"}.get(permission.ground, permission.ground)
    show.note(f"{api.title or 'The API'} at {described.origin} ({ground}), level {level.word}")
    show.note(f"{len(api.operations)} operations, described at {api.source} ({api.dialect})")
