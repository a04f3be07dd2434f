"""AUT09: signing up tells whether an account exists (CWE-204, OWASP API2:2023).

Proves: signing up in the name of an account that exists always got an answer that differs in the same
respect from signing up in a new name, before and after. Cannot: judge whether names are public anyway.
It leaves at most two accounts behind.
"""

from dataclasses import replace

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments, text_of
from apiward.scan.identities.personas import Persona, invent
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.proofs.trials.entering import for_persona, identity_slots
from apiward.scan.proofs.trials.telling import Series
from apiward.scan.scene import Scene

CODE = "AUT09"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is the sign-up that has worked."""
    return operation == scene.accounts.sign_up_operation


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Sign up anew, twice in the same name, anew, and in that name: the answers must not tell which is which."""
    say = Saying(CODE, operation.key)
    fresh: list[Exchange] = []
    taken: list[Exchange] = []
    secrets: list[str] = []
    places: list[str] = []
    for repeats in (2, 1):
        session = await scene.spare()
        sent, answer = scene.accounts.sign_up_sent, scene.accounts.sign_up_answer
        if session is None or sent is None or answer is None:
            return say.not_run("no further account could be signed up to compare with")
        fresh.append(answer)
        places = identity_slots(sent, session.persona)
        for _ in range(repeats):
            again = _again(sent, session, invent(scene.rng))
            taken.append(await scene.call(operation, again, backs_off=False))
            secrets += [text_of(value) for one in (sent, again) for _, value in one.slots()]
    return _judge(say, Series(taken, fresh, tuple({text for text in secrets if len(text) > 3})), places)


def _again(sent: Arguments, session: Session, other: Persona) -> Arguments:
    """Return a sign-up of another person who asks for the names of an account that exists."""
    own = session.persona
    return for_persona(sent, replace(other, handle=own.handle, email=own.email, phone=own.phone))


def _judge(say: Saying, series: Series, places: list[str]) -> Verdict:
    if series.is_doubtful:
        return say.unsure("some of the sign-ups got no clear answer, or were asked to wait")
    what = series.difference()
    if what:
        saw = f"When signing up, {what} differed between a name that is taken and one that is free."
        return say.broken(
            saw,
            series.real[0],
            series.invented[0],
            more=(series.real[-1], series.invented[-1]),
            place=", ".join(places),
        )
    if not series.is_alike:
        return say.unsure("the answers to sign-ups vary, but not with whether the name is taken")
    return say.holds("signing up in a name that is taken got the same answer as in a free one")


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.LAST)
