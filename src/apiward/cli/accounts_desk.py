"""What `apiward accounts` does: prepares a scan, checks nothing, and says which accounts work and what is missing."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from apiward.cli.execution import execute
from apiward.cli.exits import ExitCode
from apiward.cli.progress import watcher
from apiward.cli.speaking import write_out
from apiward.cli.state import state_of
from apiward.cli.wanted import wanted
from apiward.core.account import Origin, Standing
from apiward.core.scan_report import AccountSummary, ScanReport
from apiward.prove.neutral import one_line
from apiward.scan.level import Level

ENOUGH: Final = 2
_NOT_HERE: Final = "read-only"
"""The limit that says nothing of accounts."""


def try_accounts(given: Mapping[str, object]) -> int:
    """Say what the accounts can do; return 0 where two of customers are logged in, else 3. Raises AdvisedError."""
    url = given.get("url")
    asked = wanted(given, url if isinstance(url, str) else None)
    if not given.get("level"):
        asked = replace(asked, level=Level.READ)
    result = execute(asked, (), state_of(os.environ), watcher(is_quiet=given.get("quiet") is True))
    write_out("\n".join(_lines(result.report)) + "\n")
    customers = [one for one in result.report.accounts if one.is_logged_in and one.standing is Standing.NORMAL]
    return ExitCode.HOLDS if len(customers) >= ENOUGH else ExitCode.NOT_ENOUGH


def _lines(report: ScanReport) -> Iterator[str]:
    accounts = report.accounts
    yield f"{len(accounts)} accounts for {report.target}"
    for account in accounts:
        yield f"  {one_line(account.name)}: {_state(account)}"
    described = frozenset(report.operations)
    answered = [key for key in report.operations_answered if key in described]
    yield f"{len(answered)} of {len(described)} operations gave a good answer, with {report.request_count} requests."
    limits = [one for one in report.limits if one.name != _NOT_HERE]
    if limits:
        yield ""
        yield "What would make a scan see more:"
    for limit in limits:
        yield f"  - {one_line(limit.what)} {one_line(limit.cost)}"
        yield f"    {one_line(limit.remedy)}"
    if report.left_behind:
        yield ""
        yield "Left behind on your API, see to it:"
        yield from (f"  - {one_line(one)}" for one in report.left_behind)


def _state(account: AccountSummary) -> str:
    origin = "given" if account.origin is Origin.GIVEN else "signed up now"
    standing = "staff" if account.standing is Standing.PRIVILEGED else "customer"
    of = f" of {one_line(account.tenant)}" if account.tenant else ""
    return f"{standing}{of}, {origin}, {'logged in' if account.is_logged_in else 'could not log in'}"
