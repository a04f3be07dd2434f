"""INJ03: a value from the request is worked out as a template or as code (CWE-1336, CWE-95, OWASP API8:2019).

Proves: a sum of two random numbers, sent in the signs of a template or as an expression, comes back worked out, again
and again, and not without the signs. Where a field is there to calculate or to hold templates, only a sum that
reaches into the language itself counts. Cannot: see what is worked out later or elsewhere, or without an answer.
"""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import survey as surveys
from apiward.scan.proofs import templates
from apiward.scan.proofs.computed import fresh_sum, shows
from apiward.scan.proofs.echoes import echo
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey
from apiward.scan.proofs.templates import BARE, SYNTAXES, Syntax
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, spoken

CODE = "INJ03"
_SHUT: Final = (0, 401, 403, 404, 405, 415, 429)
_MEANT: Final = re.compile(
    r"templat|formula|express|calc|equation|comput|evaluat|\bmath|liquid|mustache|handlebars|jinja|\b(script|snippet)s?\b"
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes any value."""
    return bool(operation.parameters or operation.bodies) and operation.method not in ("OPTIONS", "TRACE")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send one text with every syntax into each opening; go on only where something came of it."""
    say = Saying(CODE, operation.key)
    why_not = surveys.why_not(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    survey = await surveys.survey(scene, operation)
    try:
        return await _judged(survey, say)
    finally:
        await survey.restore()


async def _judged(survey: Survey, say: Saying) -> Verdict:
    if not survey.openings:
        return say.not_run("no value here that may be changed safely")
    calculates = False
    for opening in survey.openings:
        syntax = await _working(survey, opening)
        if syntax is None:
            continue
        verdict = await _proved(survey, say, opening, syntax)
        if verdict is not None:
            return verdict
        calculates = True
    if calculates:
        return say.holds("it calculates, as it is there to do, but runs no code of the caller")
    if not survey.is_clear:
        return say.unsure("the operation gave no clear answer, not even to a harmless value")
    return say.holds(f"{len(survey.openings)} places tried; sums in the signs of templates came back as plain text")


async def _working(survey: Survey, opening: Opening) -> Syntax | None:
    """Return the syntax in which a sum is worked out, as far as one answer can tell."""
    first = await echo(survey, opening)
    for place, one in enumerate(first.sent.sums):
        if shows(first.exchange, one.result):
            return templates.syntax_of(place, has_angles=first.has_angles)
    if first.exchange.status >= 500 and not survey.answer.is_doubtful:
        # An engine stumbles over the signs of another: each on its own.
        for syntax in SYNTAXES:
            if await _works_out(survey, opening, syntax) is not None:
                return syntax
    if _may_be_code(survey, opening, first.exchange) and await _works_out(survey, opening, BARE) is not None:
        return BARE
    return None


def _may_be_code(survey: Survey, opening: Opening, exchange: Exchange) -> bool:
    """Whether the whole text may be taken for code: signs of templates are none, and are refused."""
    if opening.slot.place == "path" or not surveys.is_text(opening) or exchange.status in _SHUT:
        return False
    return not judging.is_accepted(exchange) or _is_meant(survey.operation, opening)


async def _works_out(survey: Survey, opening: Opening, syntax: Syntax) -> Exchange | None:
    one = fresh_sum(survey.scene.rng)
    exchange = await survey.send(opening, syntax.around(one.text))
    return exchange if shows(exchange, one.result) else None


async def _proved(survey: Survey, say: Saying, opening: Opening, syntax: Syntax) -> Verdict | None:
    if syntax is BARE or _is_meant(survey.operation, opening):
        return await _proved_by_code(survey, say, opening, syntax)
    attack = await _works_out(survey, opening, syntax)
    one = fresh_sum(survey.scene.rng)
    control = await survey.send(opening, syntax.beside(one.text))
    again = await _works_out(survey, opening, syntax)
    if attack is None or again is None or control.is_doubtful or shows(control, one.result):
        return None
    saw = f"a sum in the signs {syntax.label}, sent in {opening.slot.label}, came back worked out"
    return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)


async def _proved_by_code(survey: Survey, say: Saying, opening: Opening, syntax: Syntax) -> Verdict | None:
    for place, code in enumerate(templates.codes(survey.scene.rng)):
        attack = await survey.send(opening, syntax.around(code.text))
        if not shows(attack, code.sum.result):
            continue
        control = await survey.send(opening, syntax.beside(code.text))
        fresh = list(templates.codes(survey.scene.rng))[place]
        again = await survey.send(opening, syntax.around(fresh.text))
        if shows(again, fresh.sum.result) and control.status and not shows(control, code.sum.result):
            saw = f"code in {code.language}, sent in {opening.slot.label}, was run"
            return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)
    return None


def _is_meant(operation: Operation, opening: Opening) -> bool:
    """Whether the field is there to be worked out, by its name or by that of the operation."""
    said = " ".join((*naming.words(opening.slot.name), *spoken.spoken_name(operation).split("-")))
    return bool(_MEANT.search(said))


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
