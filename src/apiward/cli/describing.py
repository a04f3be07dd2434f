"""What `apiward describe` does: reads the description, and says what each operation was taken for."""

import os
from collections.abc import Iterator, Mapping
from typing import Final

from apiward.app.scanning import CannotScanError, Described, describe_alone, is_public
from apiward.cli.exits import ExitCode
from apiward.cli.meeting import meet
from apiward.cli.reaching import app_of, reached
from apiward.cli.repeating import commands_of
from apiward.cli.running import Stopper, run_stoppable
from apiward.cli.saving import check_name, save_description
from apiward.cli.speaking import say, write_out
from apiward.cli.state import State, state_of
from apiward.cli.wanted import Wanted, wanted
from apiward.core.api import Operation, Problem
from apiward.core.ports import Sender
from apiward.prove.neutral import one_line
from apiward.spec.meaning import accounts, dangers, roles

MAX_PROBLEMS: Final = 10
MAX_COLUMN: Final = 60


def describe(given: Mapping[str, object]) -> int:
    """Say what the API offers; return 0. Raises AdvisedError."""
    url, output = given.get("url"), str(given.get("output") or "")
    check_name(output)
    asked = wanted(given, url if isinstance(url, str) else None)

    app = app_of(asked)

    async def work(_: Stopper) -> Described:
        async with reached(asked, app) as sender:
            return await understood(sender, asked, state_of(os.environ))

    described = run_stoppable(work)
    if output:
        save_description(output, described.api)
        count = len(described.api.operations)
        say(f"{output}: {count} operations. Read it, put it right, then: apiward scan {asked.url} --spec {output}")
        return ExitCode.HOLDS
    write_out("\n".join(_lines(described, commands_of(given, asked).scan)) + "\n")
    return ExitCode.HOLDS


async def understood(sender: Sender, asked: Wanted, state: State) -> Described:
    """Return the API; on a far host without permission only the very address is read. Raises CannotScanError."""
    if asked.app or asked.is_stated or asked.spec or asked.also or not await is_public(asked.url):
        return (await meet(sender, asked, state))[0]
    try:
        return await describe_alone(sender, asked.url)
    except CannotScanError as error:
        raise CannotScanError(
            error.what,
            error.why,
            "Give the address of the description itself. To look for it, apiward must know that the host is yours.",
        ) from None


def _lines(described: Described, command: str) -> Iterator[str]:
    api = described.api
    yield f"{one_line(api.title) or 'no title'} {one_line(api.version)}".rstrip()
    if described.looked_around:
        yield f"  no description: found by looking around, with {described.looked_around:,} requests"
    else:
        yield f"  {api.dialect}, read from {api.source}"
    yield f"  answers at {described.origin}"
    yield f"  {len(api.operations)} operations"
    yield ""
    column = min(max(len(one_line(op.key)) for op in api.operations), MAX_COLUMN)
    for operation in api.operations:
        yield f"  {one_line(operation.key):<{column}}  {one_line(_taken_for(operation, api.operations))}".rstrip()
    yield ""
    yield from _missing(api.operations)
    yield from _problems(api.problems)
    yield f"Next: {one_line(command)}"


def _problems(problems: tuple[Problem, ...]) -> Iterator[str]:
    yield from (f"{one.pointer}: {one_line(one.message)}" for one in problems if not one.is_unreadable)
    unreadable = [one for one in problems if one.is_unreadable]
    if unreadable:
        yield f"{len(unreadable)} parts of the description could not be read:"
    for problem in unreadable[:MAX_PROBLEMS]:
        yield f"  {one_line(problem.pointer) or '/'}: {one_line(problem.message)}"
    if len(unreadable) > MAX_PROBLEMS:
        yield f"  and {len(unreadable) - MAX_PROBLEMS} more"


def _taken_for(operation: Operation, among: tuple[Operation, ...]) -> str:
    why = dangers.danger(operation, among)
    if why:
        return f"left alone without --allow: {why}"
    kinds = (
        (accounts.is_sign_up, "sign-up"),
        (accounts.is_log_in, "log-in"),
        (accounts.is_log_out, "log-out"),
        (accounts.is_password_reset, "password forgotten"),
        (accounts.is_password_change, "password change"),
        (roles.is_meant_for_staff, "for staff"),
    )
    said = [name for test, name in kinds if test(operation)][:1]
    return ", ".join([*said, *(["needs a log-in"] if operation.is_secured else [])])


def _missing(operations: tuple[Operation, ...]) -> Iterator[str]:
    if not any(accounts.is_log_in(op) for op in operations):
        yield "No log-in was recognised: give a token with --account 'header=Authorization: Bearer …'."
    if not any(accounts.is_sign_up(op) for op in operations):
        yield "No sign-up was recognised: give two accounts with --account."
