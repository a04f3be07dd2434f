"""AUT20: the ids of sessions can be guessed (CWE-330, CWE-331, OWASP ASVS 5.0 7.2.3).

Proves: the id that a log-in would give was said beforehand, twice in a row, from those that a
throw-away account got before; or each id is the time, or a plain rendering of what others know; or
so short that it has fewer than 2^64 values. Cannot: see a weak source of chance behind ids that look
alike, and does not judge JWTs, which are signed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.identities.log_in import LogInForm
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.proofs.trials.cookies import parts, session_cookie
from apiward.scan.proofs.trials.entering import areas_behind, enter, enter_by_any_name, existing, form_at, refusal_of
from apiward.scan.proofs.trials.guessing import LEAST_BITS, is_time, made_of, most_bits, successor
from apiward.scan.proofs.trials.tokens import jwt_in
from apiward.scan.proofs.trials.trial import open_trial
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "AUT20"
LOG_INS: Final = 4
GUESSES: Final = 2
_Entry = tuple[LogInForm, Session, str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """One session id: what it is, when it was given, and the answer that gave it."""

    value: str
    at_s: float
    answer: Exchange


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether this is a log-in that the scan uses."""
    return form_at(scene, operation) is not None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Log a throw-away account in several times, and look whether the next id can be said beforehand."""
    say = Saying(CODE, operation.key)
    form, (session, _) = form_at(scene, operation), await existing(scene)
    if form is None or session is None:
        return say.not_run("needs an account that can log in")
    username, credential, answer = await enter_by_any_name(scene, form, session)
    if credential is None:
        return say.not_run("the account could not log in once more")
    if jwt_in(credential) is not None:
        return say.not_run("the log-in gives a JWT, which is signed and not guessed")
    name = await _name(scene, form, session, credential)
    if name is None:
        return say.not_run("no cookie opens the account by itself")
    entry = (form, session, username, name)
    given = [Given(_id(credential, name), scene.clock(), answer)]
    while len(given) < LOG_INS:
        found = await _next(scene, *entry)
        if found is None:
            return say.unsure("the account could not log in often enough")
        given.append(found)
    control = await refusal_of(scene, form, session, username)
    if control is None:
        return say.unsure("the log-in does not clearly refuse a wrong password")
    return await _judge(scene, say, entry, given, control)


async def _judge(scene: Scene, say: Saying, entry: _Entry, given: list[Given], control: Exchange) -> Verdict:
    values = [one.value for one in given]
    more = (given[0].answer, given[1].answer)
    known = made_of(values[0], _facts(entry[1]))
    if known is not None and len(set(values)) == 1:
        return say.broken(f"The session id is {known}, and the same at each log-in.", given[-1].answer, control)
    if len(set(values)) < len(values):
        return say.unsure("the log-in gives the same id again, so that nothing can be learned from how it changes")
    if is_time(values, [one.at_s for one in given]):
        return say.broken("All that varies in the session id is the time.", given[-1].answer, control, more=more)
    guessed = await _guess(scene, entry, values)
    if guessed is not None:
        saw = f"The ids of {GUESSES} further sessions were said beforehand from those of earlier ones."
        return say.broken(saw, guessed, control, more=more)
    if most_bits(values) < LEAST_BITS:
        saw = f"A session id of {len(values[0])} signs has at most 2^{most_bits(values):.0f} values."
        return say.broken(saw, given[-1].answer, control, more=more)
    return say.holds(f"the next session id could not be said beforehand, from {len(values)} of them")


async def _guess(scene: Scene, entry: _Entry, values: list[str]) -> Exchange | None:
    """Say the next id beforehand and log in, several times; return the last answer where all were right."""
    last: Exchange | None = None
    for _ in range(GUESSES):
        wanted = successor(values)
        found = await _next(scene, *entry) if wanted is not None else None
        if found is None or found.value != wanted:
            return None
        values, last = [*values[1:], found.value], found.answer
    return last


async def _next(scene: Scene, form: LogInForm, session: Session, username: str, name: str) -> Given | None:
    credential, answer = await enter(scene, form, session, username, session.password)
    return Given(_id(credential, name), scene.clock(), answer) if credential else None


def _id(credential: Credential, name: str) -> str:
    """Return the session id in a credential: its value, or that of the one cookie."""
    return next((one.value for one in parts(credential) if one.name == name), credential.value)


async def _name(scene: Scene, form: LogInForm, session: Session, credential: Credential) -> str | None:
    """Return the name under which the id is shown; of several cookies, of the one that opens the account."""
    if credential.place is not Place.COOKIE or "; " not in credential.value:
        return credential.name
    trial = await open_trial(scene, session, areas_behind(scene, form)[0], credential)
    cookie = None if isinstance(trial, str) else await session_cookie(trial)
    return cookie.name if cookie is not None else None


def _facts(session: Session) -> Iterator[str]:
    """Yield what others know or see of the account: its names, and the ids by which the API tells it."""
    yield from (session.account.username, session.persona.email, session.persona.handle)
    ids = (value for key, value in session.account.facts.items() if naming.words(key)[-1:] in (("id",), ("uuid",)))
    yield from (str(value) for value in ids if isinstance(value, str | int))


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.SESSIONS)
