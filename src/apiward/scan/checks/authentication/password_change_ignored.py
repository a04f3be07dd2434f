"""AUT13: a token from before a password change still works after it (CWE-613, OWASP ASVS 5.0 7.4.3).

Proves: a throw-away account changed its password (the new one opens it, the old one does not), and a
token of another log-in from before still got the account's own answer, twice. Cannot: judge APIs
where the change cannot be made with what the scan knows.
"""

from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.ownership import objects
from apiward.scan.proofs.trials.entering import enter, enter_by_any_name
from apiward.scan.proofs.trials.trial import Trial, open_trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

CODE = "AUT13"
_OLD: Final = frozenset({"old", "current", "previous", "existing", "original"})
_NEW: Final = frozenset({"new", "confirm", "confirmation", "confirmed", "repeat", "again", "retype", "verify"})
_NAMING: Final = ("username", "user", "email", "account", "login", "customer", "owner")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether a caller changes its own password here."""
    return accounts.is_password_change(operation) and not scene.is_for_staff(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log a throw-away account in twice, change its password in one session, and use the other."""
    say = Saying(CODE, operation.key)
    area = scene.accounts.area_of(operation)
    form, spare = area.way.form if area.way else None, await scene.spare()
    if spare is None or form is None:
        return say.not_run("needs a throw-away account, whose password may be changed")
    username, first, _ = await enter_by_any_name(scene, form, spare)
    second, _ = await enter(scene, form, spare, username, spare.password)
    if first is None or second is None:
        return say.not_run("the account could not log in twice more")
    trial = await open_trial(scene, spare, area, first)
    if isinstance(trial, str):
        return say.not_run(trial)
    new = f"Nw8!{scene.rng.randrange(10**9):09d}Qz"
    spare.secrets.add(new)
    changed = await _change(scene, operation, spare, second, new)
    if changed is None:
        return say.not_run("the description does not tell how to point this at our own account")
    return await _judge(scene, say, form, username, trial, changed, new)


async def _judge(
    scene: Scene, say: Saying, form: LogInForm, username: str, trial: Trial, changed: Exchange, new: str
) -> Verdict:
    spare = trial.session
    old = spare.password
    opened, entered = await enter(scene, form, spare, username, new)
    if opened is None:
        return say.not_run("the password was not changed, so that nothing could be seen")
    spare.password = new
    still, control = await enter(scene, form, spare, username, old)
    if still is not None:
        return say.unsure("the account opens with the old and with the new password")
    is_accepted, after = await trial.accepts_twice(trial.credential)
    if is_accepted is None:
        return say.unsure("after the change, the old token got no clear answer")
    if not is_accepted:
        return say.holds("after the password was changed, a token from before was refused")
    saw = "The password was changed and the old one refused, but a token from before still worked."
    return say.broken(saw, after, control, more=(trial.good, changed, entered))


async def _change(
    scene: Scene, operation: Operation, spare: Session, credential: Credential, new: str
) -> Exchange | None:
    """Change the password; None where the call might hit another account than the spare one."""
    target = objects.account_object(spare.name, _facts(spare), frozenset())
    ways = objects.pointings(operation, target) or [{}]
    path = {parameter.name for parameter in operation.parameters_in(Place.PATH)}
    exchange: Exchange | None = None
    for way in ways:
        if not path <= {slot.name for slot in way if slot.place == Place.PATH.value}:
            continue
        pointed = _own(scene.pointed(operation, spare, way), spare, {slot.label for slot in way})
        if pointed is not None:
            arguments = _with_passwords(pointed, spare.password, new)
            exchange = await scene.call(operation, arguments, credential=credential)
            if exchange.is_success:
                break
    return exchange


def _facts(spare: Session) -> dict[str, Json]:
    own: dict[str, Json] = {"username": spare.account.username or spare.persona.handle, "email": spare.persona.email}
    return {**own, **spare.account.facts}


def _own(arguments: Arguments, spare: Session, known: set[str]) -> Arguments | None:
    """Return the arguments with every slot that names an account naming the spare one; None where that is unsure."""
    for slot, _ in list(arguments.slots()):
        if slot.label in known or naming.is_password_name(slot.name):
            continue
        own = spare.persona.value_for(slot.name)
        if own is not None:
            arguments = arguments.put(slot, own)
        elif naming.is_id_name(slot.name) or naming.plain(slot.name) in _NAMING:
            return None
    return arguments


def _with_passwords(arguments: Arguments, old: str, new: str) -> Arguments:
    """Return the arguments with the old password where it is asked for, and the new one elsewhere."""
    slots = [slot for slot, _ in arguments.slots() if naming.is_password_name(slot.name)]
    has_new = any(_NEW & set(naming.words(slot.name)) and "new" in slot.name.lower() for slot in slots)
    for slot in slots:
        parts = set(naming.words(slot.name))
        is_old = bool(parts & _OLD) or (has_new and not parts & _NEW)
        arguments = arguments.put(slot, old if is_old else new)
    return arguments


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
