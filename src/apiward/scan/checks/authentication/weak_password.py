"""AUT11: an account can be opened with one of the most common passwords (CWE-521, OWASP API2:2023).

Proves: a sign-up with such a password worked, the new account opens with it, and not with another.
Cannot: learn the whole rule for passwords; it tries five at most and leaves one account behind.
"""

from dataclasses import replace
from typing import Final

from apiward.catalogue.words import load_words
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.schema import Schema
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.identities.personas import Persona, invent
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.trials.entering import (
    adopt,
    enter,
    refusal_of,
    sign_up_as,
    username_like,
)
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "AUT11"
PLAIN: Final = 3
COMPOSED: Final = 2


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the sign-up that has worked."""
    return operation == scene.accounts.sign_up_operation


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Sign up with very common passwords that the description allows, until one is accepted."""
    say = Saying(CODE, operation.key)
    form, like = scene.accounts.log_in_form, next(iter(scene.users), None)
    if form is None or like is None:
        return say.not_run("needs a log-in, to see whether the password really opens the account")
    has_doubt = False
    for password in _passwords(operation):
        persona = replace(invent(scene.rng), password=password)
        answer = await sign_up_as(scene, persona)
        if answer is None:
            return say.not_run("no sign-up has worked yet")
        if answer.is_doubtful or judging.is_refused(answer):
            has_doubt = has_doubt or answer.is_doubtful
            continue
        verdict = await _opened(scene, say, form, like, persona, answer)
        if verdict is not None:
            return verdict
    if has_doubt:
        return say.unsure("some sign-ups with a common password got no clear answer")
    return say.holds("no account could be opened with any of the common passwords that were tried")


async def _opened(
    scene: Scene, say: Saying, form: LogInForm, like: Session, persona: Persona, answer: Exchange
) -> Verdict | None:
    """Judge by logging in; None where the password does not open an account in spite of a good answer."""
    username = username_like(like.account.username, like, persona)
    credential, opened = await enter(scene, form, like, username, persona.password)
    if credential is None:
        return None
    adopt(scene, persona, username, credential)
    if scene.probe is not None:
        is_accepted, _ = await scene.probe.ask(scene.caller, credential)
        if not is_accepted:
            return say.unsure("an account was made with a common password, but its log-in gives no access")
    control = await refusal_of(scene, form, like, username)
    if control is None:
        return say.unsure("the log-in does not clearly refuse a wrong password")
    saw = "An account was made with one of the most common passwords, and opens with it."
    return say.broken(saw, answer, control, more=(opened,))


def _passwords(operation: Operation) -> list[str]:
    """Return the passwords to try: the most common that fit the description, then some that meet usual rules."""
    schema = next((child for name, child in _fields(operation) if naming.is_password_name(name)), Schema())
    fitting = [word for word in load_words("weak_passwords") if _fits(word, schema)]
    composed = [word for word in fitting if _is_composed(word)]
    return list(dict.fromkeys([*fitting[:PLAIN], *composed[:COMPOSED]]))


def _fields(operation: Operation) -> list[tuple[str, Schema]]:
    schema = operation.body_schema()
    return [(str(pointer[-1]), child) for pointer, child in schema.fields() if pointer] if schema else []


def _fits(word: str, schema: Schema) -> bool:
    return (schema.min_length or 0) <= len(word) <= (schema.max_length or 200)


def _is_composed(word: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    return all(any(kind(char) for char in word) for kind in kinds) and not word.isalnum() and len(word) >= 8


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
