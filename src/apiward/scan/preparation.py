"""Before the checks: accounts are obtained, objects made, and everything that may be read is looked at once."""

from collections.abc import Iterable

from apiward.core.account import Account, Standing
from apiward.core.api import Operation
from apiward.core.scan_report import AccountSummary
from apiward.scan import naming, objects, roles
from apiward.scan.events import Listener, PhaseBegan
from apiward.scan.level import Level
from apiward.scan.scene import Scene, account_of
from apiward.scan.working import Crew

WANTED_USERS = 2


async def prepare(scene: Scene, given: Iterable[Account], crew: Crew, listen: Listener) -> tuple[AccountSummary, ...]:
    """Fill the scene. Return what became of each account."""
    listen(PhaseBegan("getting accounts", 0))
    summaries = await _obtain_accounts(scene, given)
    listen(PhaseBegan("looking around", len(scene.operations)))
    first = [op for op in _readable(scene) if "{" not in op.path]
    await crew.run(first, lambda op: _learn(scene, op))
    for session in (*scene.users, *scene.privileged):
        scene.objects.append(account_of(session))
    if scene.level >= Level.WRITE:
        await _make_objects(scene, listen)
    await crew.run(_readable(scene), lambda op: _look(scene, op))
    return summaries


async def _obtain_accounts(scene: Scene, given: Iterable[Account]) -> tuple[AccountSummary, ...]:
    await scene.accounts.prepare()
    summaries = []
    for account in given:
        session = await scene.accounts.given(account)
        summaries.append(AccountSummary(account.name, account.standing, account.origin, session is not None))
        if session is not None:
            (scene.privileged if account.standing is Standing.PRIVILEGED else scene.users).append(session)
    while len(scene.users) < WANTED_USERS:
        session = await scene.accounts.new()
        if session is None:
            break
        scene.users.append(session)
        summaries.append(
            AccountSummary(session.name, session.account.standing, session.account.origin, is_logged_in=True)
        )
    _note_missing(scene, all_are_in=all(summary.is_logged_in for summary in summaries))
    return tuple(summaries)


def _note_missing(scene: Scene, *, all_are_in: bool) -> None:
    if len(scene.users) >= WANTED_USERS:
        for name in ("no-sign-up", "sign-up-failed"):
            scene.limits.drop(name)
    elif scene.users:
        scene.limits.add("one-account")
    else:
        scene.limits.add("no-account")
    if scene.users and all_are_in:
        scene.limits.drop("log-in-failed")
    if not scene.privileged:
        scene.limits.add("no-privileged-account")


async def _make_objects(scene: Scene, listen: Listener) -> None:
    makers = [op for op in objects.makers(scene.operations) if not scene.is_for_staff(op)]
    listen(PhaseBegan("making objects of our own", len(makers) * len(scene.users)))
    for session in scene.users[:WANTED_USERS]:
        for operation in makers:
            await scene.create(operation, session)


def _readable(scene: Scene) -> list[Operation]:
    """Return the operations that only read, those that need no identifier first."""
    chosen = [op for op in scene.operations if op.method == "GET" and not roles.is_account_operation(op)]
    return sorted(chosen, key=lambda op: (op.path.count("{"), len(naming.segments(op.path))))


async def _learn(scene: Scene, operation: Operation) -> None:
    """Look once, for the identifiers that others will need; what is seen now is not kept."""
    for session in (scene.owner, None):
        exchange = await scene.call(operation, scene.arguments(operation, session), session)
        scene.knowledge.learn(operation, exchange, session.name if session else "")
        if exchange.is_success or session is None:
            break


async def _look(scene: Scene, operation: Operation) -> None:
    for session in (*scene.users[:WANTED_USERS], None):
        await scene.look_at(operation, session)
