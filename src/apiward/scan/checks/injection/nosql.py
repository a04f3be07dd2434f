"""INJ05: an object in place of a text is taken for a condition by a document database (CWE-943, OWASP API8:2019).

Proves: a condition that means the value is answered as the value is, one that means what nobody has is answered as that
is, and one with an operator that no database knows as neither; or a condition opens our own account without its
password. Cannot: see conditions that an API offers on purpose as injection, or code that a database runs.
"""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import BODY
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.meaning.likeness import is_more, is_same
from apiward.scan.proofs import each_opening, openings, operator_log_in, operators
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.operators import Condition
from apiward.scan.proofs.survey import Survey, word
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "INJ05"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a text in its body or behind its path."""
    takes = bool(operation.bodies) or any(one.place == "query" for one in operation.parameters)
    return takes and operation.method not in ("OPTIONS", "TRACE")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask each text as a condition; go on only where it was answered well."""
    say = Saying(CODE, operation.key)
    if not accounts.is_log_in(operation):
        return await each_opening.judged(scene, operation, say, _judged)
    why_not = openings.own_write(scene, operation)
    return say.not_run(why_not) if why_not is not None else await operator_log_in.judge(scene, operation, say)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    texts = [one for one in survey.openings if _takes_object(one)]
    if not texts:
        return say.not_run("no text here that an object could stand in for")
    found = await each_opening.first(survey, say, texts, _by_reading if survey.only_reads else _by_meaning)
    saw = f"{len(texts)} places tried; no object was taken for a condition"
    return found or each_opening.nothing_shown(survey, say, saw)


async def _by_reading(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    """Ask for all that is not what nobody has: it finds something where that finds nothing."""
    missing = _missing(survey, opening)
    everything = await _asked(survey, opening, operators.not_this(missing))
    if not judging.is_accepted(everything):
        return None
    nothing = await survey.send_plain(opening, missing)
    if not is_more(everything, nothing):
        return None
    control = await _asked(survey, opening, operators.nonsense(survey.scene.rng, missing))
    if control.status in (0, 429) or _is_alike(control, everything):
        return None
    narrow = await _by_meaning(survey, say, opening)
    if narrow is not None:
        return narrow
    full, empty = await _asked(survey, opening, operators.ALL), await _asked(survey, opening, operators.NONE)
    if not _is_alike(full, everything) or _is_alike(empty, everything):
        return None
    again = await _asked(survey, opening, operators.not_this(_missing(survey, opening)))
    if not _is_alike(again, everything):
        return None
    # Some APIs offer conditions of this kind on purpose, but hardly those of `_by_meaning`.
    return _said(survey, say, opening, everything, control, (full, empty), confidence=Confidence.LIKELY)


async def _by_meaning(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    """Ask in conditions that mean the value, or what nobody has: none of them finds more than a value would."""
    value = opening.value
    usual = await survey.usual(opening)
    if not value or not judging.is_accepted(usual):
        return None
    for place in range(2):
        missing = _missing(survey, opening)
        pair = operators.pairs(value, missing)[place]
        same = await _asked(survey, opening, pair.same)
        if not _is_like(survey, same, usual):
            continue
        other = await _asked(survey, opening, pair.other)
        control = await _asked(survey, opening, operators.nonsense(survey.scene.rng, value))
        if any(one.status in (0, 429) or _is_like(survey, one, usual) for one in (other, control)):
            continue
        again = await _asked(survey, opening, operators.pairs(value, _missing(survey, opening))[place].other)
        same_again = await _asked(survey, opening, pair.same)
        if _is_like(survey, same_again, usual) and not _is_like(survey, again, usual):
            return _said(survey, say, opening, same, control, (other, again))
    return None


def _said(
    survey: Survey,
    say: Saying,
    opening: Opening,
    attack: Exchange,
    control: Exchange,
    more: tuple[Exchange, ...],
    confidence: Confidence = Confidence.PROVED,
) -> Verdict:
    saw = f"an object in place of the text in {opening.slot.label} was worked out by the database as a condition"
    return say.broken(saw, attack, control, more=more, place=opening.slot.label, confidence=confidence)


async def _asked(survey: Survey, opening: Opening, condition: Condition) -> Exchange:
    return await survey.send_whole(condition.put_into(opening))


def _is_like(survey: Survey, exchange: Exchange, usual: Exchange) -> bool:
    if not survey.only_reads:
        return judging.is_accepted(exchange)
    return bool(exchange.status) and _is_alike(exchange, usual)


def _is_alike(one: Exchange, other: Exchange) -> bool:
    return is_same(one, other, "", "")


def _missing(survey: Survey, opening: Opening) -> str:
    return str(values.unlike(opening.value, survey.scene.rng)) if opening.value else word(survey.scene.rng)


def _takes_object(opening: Opening) -> bool:
    if opening.slot.place == BODY:
        return isinstance(opening.arguments.get(opening.slot), str)
    return opening.slot.place == "query" and opening.takes_text


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
