"""Before the checks: accounts are obtained, objects made, and everything that may be read is looked at once."""

from collections.abc import Iterable

from apiward.core.account import Account, Standing
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.scan_report import AccountSummary
from apiward.scan.events import Listener, PhaseBegan
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.proofs.restoring import remember
from apiward.scan.scene import Scene, account_of
from apiward.scan.working import Crew
from apiward.spec.meaning import accounts, naming

WANTED_USERS = 2


async def prepare(scene: Scene, given: Iterable[Account], crew: Crew, listen: Listener) -> tuple[AccountSummary, ...]:
    """Fill the scene. Return what became of each account."""
    listen(PhaseBegan("getting accounts", 0))
    summaries = await _obtain_accounts(scene, given)
    listen(PhaseBegan("looking around", len(scene.operations)))
    first = [op for op in _readable(scene) if "{" not in op.path]
    await crew.run(first, lambda op: _learn(scene, op))
    await _learn_account_nouns(scene)
    for session in (*scene.users, *scene.privileged):
        scene.objects.append(account_of(session))
    if scene.level >= Level.WRITE:
        await remember(scene)
        await _make_objects(scene, listen)
    await crew.run(_readable(scene), lambda op: _look(scene, op))
    _take_in_listed(scene)
    return summaries


async def _obtain_accounts(scene: Scene, given: Iterable[Account]) -> tuple[AccountSummary, ...]:
    await scene.accounts.prepare()
    summaries = []
    for account in given:
        session = await scene.accounts.given(account)
        summaries.append(_summary(account, is_logged_in=session is not None))
        if session is not None:
            (scene.privileged if account.standing is Standing.PRIVILEGED else scene.users).append(session)
    while scene.peer is None:
        session = await scene.accounts.new()
        if session is None:
            break
        scene.users.append(session)
        summaries.append(_summary(session.account, is_logged_in=True))
    scene.users = _strangers_first(scene)
    _note_missing(scene, all_are_in=all(summary.is_logged_in for summary in summaries))
    return tuple(summaries)


def _summary(account: Account, *, is_logged_in: bool) -> AccountSummary:
    return AccountSummary(account.name, account.standing, account.origin, is_logged_in, account.tenant)


def _strangers_first(scene: Scene) -> list[Session]:
    """Return the normal accounts, the owner first and then a stranger: what these two see and have is looked at."""
    first = [user for user in (scene.owner, scene.peer) if user is not None]
    return [*first, *(user for user in scene.users if user not in first)]


def _note_missing(scene: Scene, *, all_are_in: bool) -> None:
    if scene.peer is not None:
        for name in ("no-sign-up", "sign-up-failed"):
            scene.limits.drop(name)
    elif scene.mate is not None:
        scene.limits.add("one-tenant", tenant=scene.mate.account.tenant)
    elif scene.users:
        scene.limits.add("one-account")
    else:
        scene.limits.add("no-account")
    if scene.users and all_are_in:
        scene.limits.drop("log-in-failed")
    if not scene.privileged:
        scene.limits.add("no-privileged-account")
    closed = [area.probes[0].operation.key for area in scene.accounts.areas if area.probes and area.way is None]
    if scene.users and closed and len(scene.accounts.areas) > len(closed):
        scene.limits.add("area-closed", operation=closed[0])


async def _make_objects(scene: Scene, listen: Listener) -> None:
    makers = [op for op in objects.makers(scene.operations) if not scene.is_for_staff(op)]
    listen(PhaseBegan("making objects of our own", len(makers) * len(scene.users)))
    made = set()
    for session in scene.users[:WANTED_USERS]:
        for operation in makers:
            if await scene.create(operation, session) is not None:
                made.add(operation.key)
    barren = [op.key for op in makers if op.key not in made]
    if barren and scene.users:
        more = f" and {len(barren) - 1} more" if barren[1:] else ""
        scene.limits.add("nothing-created", operation=barren[0] + more)


def _readable(scene: Scene) -> list[Operation]:
    """Return the operations that only read, those that need no identifier first."""
    chosen = [op for op in scene.operations if op.method == "GET" and not accounts.is_account_operation(op)]
    return sorted(chosen, key=lambda op: (op.path.count("{"), len(naming.segments(op.path))))


async def _learn_account_nouns(scene: Scene) -> None:
    """Find out whether accounts go by another noun: whether `/customers/{id}` shows the owner its own account."""
    if scene.owner is None:
        return
    target = account_of(scene.owner)
    for operation in _readable(scene):
        noun = (naming.nouns(operation.path) or ("",))[-1]
        if noun not in objects.ACCOUNT_NOUNS or f"{noun}id" not in target.guessed or not operation.path.endswith("}"):
            continue
        for way in objects.pointings(operation, target)[:1]:
            exchange = await scene.call(operation, scene.pointed(operation, scene.owner, way), scene.owner)
            if objects.shows(target, exchange):
                scene.accounts.know_as(noun, (*scene.users, *scene.privileged))


def _take_in_listed(scene: Scene) -> None:
    """Learn which objects the owner had before the scan: those in its lists that the other account's lists lack."""
    owner, peer = scene.owner, scene.peer
    if owner is None or peer is None:
        return
    has_made = {target.noun for target in scene.objects}
    for operation in scene.operations:
        mine, theirs = scene.seen(operation, owner), scene.seen(operation, peer)
        noun = (naming.nouns(operation.path) or ("",))[-1]
        if mine is None or theirs is None or "{" in operation.path or noun in has_made:
            continue
        own, other = _body(mine), _body(theirs)
        if not isinstance(own, NotJson) and not isinstance(other, NotJson):
            shown = frozenset(str(value) for _, value in leaves(other))
            scene.objects.prepend(objects.listed(operation, owner.name, own, shown))


def _body(exchange: Exchange) -> Json | NotJson:
    accepted = judging.is_accepted(exchange) and exchange.response is not None
    return exchange.response.json() if accepted and exchange.response else NotJson.NOT_JSON


async def _learn(scene: Scene, operation: Operation) -> None:
    """Look once, for the identifiers that others will need; what is seen now is not kept."""
    for session in (scene.owner, None):
        exchange = await scene.call(operation, scene.arguments(operation, session), session)
        scene.knowledge.learn(operation, exchange, session.name if session else "")
        scene.accounts.recognise(operation, exchange, (*scene.users, *scene.privileged))
        if exchange.is_success or session is None:
            break


async def _look(scene: Scene, operation: Operation) -> None:
    for session in (*scene.users[:WANTED_USERS], None):
        await scene.look_at(operation, session)
