"""AUT25: the codes of a second factor can be tried without limit (CWE-307, OWASP ASVS 5.0 6.5.5 and 6.3.1).

Proves: a throw-away account switched a second factor on; many wrong codes with the right password all
got the same quick answer, and the right code still worked after them. Cannot: judge codes that come
by mail or telephone, or a code step that is apart from the log-in.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.one_time_codes import STEP_S
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import BODY, Slot
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.braking import brake
from apiward.scan.proofs.trials.entering import credential_in, enter_by_any_name, form_at
from apiward.scan.proofs.trials.second_factor import enrol, totp
from apiward.scan.scene import Scene
from apiward.spec.meaning.factors import is_code_name

CODE = "AUT25"
TRIES: Final = 25


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in that the scan uses, and that takes a code as well."""
    return form_at(scene, operation) is not None and _code_slot(operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Switch a second factor on; log in with many wrong codes, and then with the right one."""
    say = Saying(CODE, operation.key)
    form, slot, spare = form_at(scene, operation), _code_slot(operation), await scene.spare()
    if form is None or slot is None or spare is None:
        return say.not_run("needs a throw-away account, for which a second factor may be switched on")
    username, credential, _ = await enter_by_any_name(scene, form, spare)
    main = await spare.current(scene.accounts.main.schemes)
    factor = await enrol(scene, spare, main) if credential is not None and main is not None else None
    if factor is None:
        return say.not_run("a second factor could not be switched on with what the scan knows")
    tries = await _try(scene, form, slot, (username, spare.password), factor.secret)
    stopped = brake(tries, "codes")
    if stopped:
        return say.holds(stopped)
    if any(exchange.is_doubtful for exchange in tries) or not all(judging.is_refused(one) for one in tries):
        return say.unsure("wrong codes are not refused clearly")
    # A code counts once where that is done well, and that of this half minute may have switched the factor on.
    for shift in (0, STEP_S):
        right = form.fill(username, spare.password).put(slot, totp(factor.secret, scene.clock() + shift))
        control = await scene.call(operation, right, backs_off=False)
        if credential_in(scene, form, spare, control) is not None:
            saw = f"{len(tries)} wrong codes in a row got the same answer, and then the right one worked."
            return say.broken(saw, tries[-1], control, more=(tries[0],))
    return say.holds(f"after {len(tries)} wrong codes, the right one was refused as well")


async def _try(scene: Scene, form: LogInForm, slot: Slot, entry: tuple[str, str], secret: str) -> list[Exchange]:
    tries: list[Exchange] = []
    right = {totp(secret, scene.clock() + shift) for shift in (-2 * STEP_S, -STEP_S, 0, STEP_S, 2 * STEP_S)}
    while len(tries) < TRIES and not brake(tries, "codes"):
        code = f"{scene.rng.randrange(10**6):06d}"
        if code not in right:
            tries.append(await scene.call(form.operation, form.fill(*entry).put(slot, code), backs_off=False))
    return tries


def _code_slot(operation: Operation) -> Slot | None:
    schema = operation.body_schema()
    pointers = [pointer for pointer, _ in schema.fields() if pointer] if schema else []
    return next((Slot(BODY, pointer) for pointer in pointers if is_code_name(str(pointer[-1]))), None)


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
