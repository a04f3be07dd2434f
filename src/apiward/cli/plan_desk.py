"""What `apiward scan --dry-run` does: reads the description, says what a scan would do, and sends nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from apiward.app.planning import plan_scan
from apiward.app.scanning import Described, Permission
from apiward.catalogue.costs import load_costs
from apiward.catalogue.loading import load_catalogue
from apiward.cli.execution import settings_of
from apiward.cli.exits import ExitCode
from apiward.cli.meeting import meet
from apiward.cli.reaching import app_of, reached
from apiward.cli.repeating import commands_of
from apiward.cli.running import Stopper, run_stoppable
from apiward.cli.speaking import write_out
from apiward.cli.state import Kept, State
from apiward.cli.wanted import Wanted
from apiward.config.errors import AdvisedError
from apiward.core.account import Account, Standing
from apiward.core.scan_report import LEFT_BY_WISH
from apiward.prove.neutral import one_line
from apiward.prove.words import counted
from apiward.scan.api import Check
from apiward.scan.planning import Plan

MAX_NAMED: Final = 3


def tell_plan(given: Mapping[str, object], asked: Wanted, checks: Sequence[Check], state: State) -> int:
    """Say what the scan would do; return 0. Raises AdvisedError."""
    if given.get("formats") not in (None, (), ("text",)) or given.get("output") or given.get("har"):
        why = "The plan goes to stdout, as text."
        raise AdvisedError(
            "--dry-run makes no report and no recording.", why, "Leave --format, --output and --har away."
        )
    app = app_of(asked)

    async def work(_: Stopper) -> tuple[Described, Permission, Plan, int]:
        async with reached(asked, app) as sender:
            described, permission = await meet(sender, asked, state, only_reads=True)
            level = permission.default_level if asked.level is None else asked.level
            sent = sender.sent_count
            plan = plan_scan(described, checks, settings_of(asked, described, level), sender=sender)
            return described, permission, plan, sent

    described, permission, plan, sent = run_stoppable(work)
    is_narrow = bool(asked.only or asked.skip or asked.operations)
    before = None if is_narrow else state.last_of(asked.kept_as(described.origin))
    lines = [
        *_head(described, permission, plan, sent),
        "",
        *_accounts(asked.accounts, plan),
        "",
        *_checks(plan, show_all=given.get("show_all") is True),
        "",
        *_requests(plan, before),
        f"Next: {one_line(commands_of(given, asked).scan)}",
    ]
    write_out("\n".join(lines) + "\n")
    return ExitCode.HOLDS


def _head(described: Described, permission: Permission, plan: Plan, sent: int) -> Iterator[str]:
    api = described.api
    yield f"{one_line(api.title) or 'The API'} at {described.origin} ({permission.ground}), level {plan.level.word}"
    yield f"  described at {api.source} ({api.dialect})"
    yield f"  {counted(sent, 'request')} to find and read that; nothing else was sent"
    yield f"  {plan.operations} of {len(api.operations)} operations would be called"
    for key, why in plan.left_alone:
        without = "" if why == LEFT_BY_WISH else " without --allow"
        yield f"    left alone{without}: {one_line(key)}: {one_line(why)}"


def _accounts(given: Sequence[Account], plan: Plan) -> Iterator[str]:
    yield "Accounts"
    for account in given:
        standing = "staff" if account.standing is Standing.PRIVILEGED else "customer"
        yield f"  {one_line(account.name)}: {standing}, given"
    customers = sum(account.standing is not Standing.PRIVILEGED for account in given)
    if plan.sign_ups:
        people = "throw-away people for some checks" if customers > 1 else "two people, and more for some checks"
        yield f"  signed up with {one_line(plan.sign_ups[0])}: {people}"
    elif customers < 2:
        yield "  Two accounts of customers are needed to see whose things are whose: --account"


def _checks(plan: Plan, *, show_all: bool) -> Iterator[str]:
    names = {code: entry.name for code, entry in load_catalogue().checks.items()}
    column = max((len(names[code]) for code in plan.items), default=0)
    yield f"Checks: {len(plan.items)}, made {plan.runs} times"
    for code, operations in plan.items.items():
        yield f"  {code} {names[code]:<{column}}  on {_named(operations, show_all=show_all)}"
    if plan.later:
        yield f"  and, once there are answers, where they fit: {', '.join(plan.later)}"
    levels: dict[str, list[str]] = {}
    for code in plan.above:
        levels.setdefault(plan.needed[code], []).append(code)
    for level, codes in levels.items():
        yield f"  not at this level, but with --level {level}: {', '.join(codes)}"


def _named(operations: Sequence[str], *, show_all: bool) -> str:
    shown = operations if show_all else operations[:MAX_NAMED]
    more = f" and {len(operations) - len(shown)} more" if len(operations) > len(shown) else ""
    return ", ".join(one_line(key) for key in shown) + more


def _requests(plan: Plan, before: Kept | None) -> Iterator[str]:
    costs = load_costs()
    yield f"Some {plan.requests(costs):,} requests are to be expected, and never more than {plan.budget:,}."
    yield f"  That rests on a sound sample API of {costs.operations} operations; yours may need half or twice as many."
    last = _requests_of(before, plan)
    if last is not None:
        yield f"  The last whole scan of this API at level {plan.level.word} needed {last:,}."


def _requests_of(before: Kept | None, plan: Plan) -> int | None:
    scan = before.report.get("scan") if before is not None else None
    if not isinstance(scan, dict) or scan.get("level") != plan.level.word:
        return None
    count = scan.get("request_count")
    return count if isinstance(count, int) else None
