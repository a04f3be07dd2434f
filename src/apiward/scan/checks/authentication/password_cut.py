"""AUT23: a part of each password does not count (CWE-521, OWASP ASVS 5.0 6.2.8).

Proves: an account was made with a long password and opened with it; it also opened with another end
of it, or in the other case, and not with another beginning. Cannot: say from which letter on they do
not count; it leaves one account behind.
"""

from dataclasses import replace
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.personas import Persona, invent
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import adopt, enter, refusal_of, sign_up_as, username_like
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "AUT23"
LONG: Final = (96, 64, 32)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the sign-up that has worked."""
    return operation == scene.accounts.sign_up_operation


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Sign up with a long password; log in with it, and with others that are like it in part."""
    say = Saying(CODE, operation.key)
    form, like = scene.accounts.log_in_form, next(iter(scene.users), None)
    if form is None or like is None:
        return say.not_run("needs a log-in, to see which passwords open the account")
    made = await _made(scene, operation)
    if isinstance(made, str):
        return say.not_run(made)
    persona, answer = made
    username, whole = username_like(like.account.username, like, persona), persona.password
    credential, opened = await enter(scene, form, like, username, whole)
    if credential is None:
        return say.not_run("the account does not open with its long password")
    adopt(scene, persona, username, credential)
    control = await refusal_of(scene, form, like, username, f"x{whole[1:]}")
    if control is None:
        return say.unsure("the log-in does not clearly refuse another beginning of the password")
    for words, other in (("with another end of it", f"{whole[:-4]}9xY!"), ("in the other case", whole.swapcase())):
        found, attack = await enter(scene, form, like, username, other)
        if found is not None:
            saw = f"An account that was made with a password of {len(whole)} letters also opened {words}."
            return say.broken(saw, attack, control, more=(answer, opened))
        if attack.is_doubtful:
            return say.unsure("a log-in with a password like the right one got no clear answer")
    return say.holds(f"of a password of {len(whole)} letters, the end counts, and so does the case")


async def _made(scene: Scene, operation: Operation) -> tuple[Persona, Exchange] | str:
    """Sign up with the longest password that is accepted."""
    for length in (size for size in LONG if size <= _longest(operation)):
        persona = invent(scene.rng)
        filler = "".join(scene.rng.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=length))
        persona = replace(persona, password=(persona.password + filler)[:length])
        answer = await sign_up_as(scene, persona)
        if answer is None:
            return "no sign-up has worked yet"
        if not answer.is_doubtful and not judging.is_refused(answer):
            return persona, answer
    return "no account could be made with a long password"


def _longest(operation: Operation) -> int:
    """Return how long a password may be, by the description."""
    schema = operation.body_schema()
    fields = schema.fields() if schema else ()
    bounds = [child.max_length for p, child in fields if p and naming.is_password_name(str(p[-1])) and child.max_length]
    return min(bounds, default=max(LONG))


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
