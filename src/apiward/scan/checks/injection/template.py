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
from apiward.scan.proofs import each_opening, templates
from apiward.scan.proofs.computed import fresh_sum, shows
from apiward.scan.proofs.echoes import echo
from apiward.scan.proofs.openings import Opening, words_at
from apiward.scan.proofs.survey import Survey
from apiward.scan.proofs.templates import BARE, SYNTAXES, Syntax
from apiward.scan.scene import Scene

CODE = "INJ03"
_SHUT: Final = (0, 401, 403, 404, 405, 415, 429)
_MEANT: Final = re.compile(
    r"templat|formula|express|calc|equation|comput|evaluat|\bmath|liquid|mustache|handlebars|jinja|\b(script|snippet)s?\b"
)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send one text with every syntax into each opening; go on only where something came of it."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    if not survey.openings:
        return say.not_run(each_opening.NOTHING_SAFE)
    found = await each_opening.first(survey, say, survey.openings, _tried)
    saw = f"{len(survey.openings)} places tried; sums in the signs of templates came back as plain text"
    return found or each_opening.nothing_shown(survey, say, saw)


async def _tried(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    syntax = await _working(survey, opening)
    return await _proved(survey, say, opening, syntax) if syntax is not None else None


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
    if opening.slot.place == "path" or not opening.takes_text or exchange.status in _SHUT:
        return False
    return not judging.is_accepted(exchange) or _is_meant(survey.operation, opening)


async def _works_out(survey: Survey, opening: Opening, syntax: Syntax) -> Exchange | None:
    one = fresh_sum(survey.scene.rng)
    exchange = await survey.send(opening, syntax.around(one.text))
    return exchange if shows(exchange, one.result) else None


async def _proved(survey: Survey, say: Saying, opening: Opening, syntax: Syntax) -> Verdict:
    if syntax is BARE or _is_meant(survey.operation, opening):
        return await _proved_by_code(survey, say, opening, syntax)
    attack = await _works_out(survey, opening, syntax)
    one = fresh_sum(survey.scene.rng)
    control = await survey.send(opening, syntax.beside(one.text))
    again = await _works_out(survey, opening, syntax)
    if attack is None or again is None or control.is_doubtful or shows(control, one.result):
        return each_opening.doubt(say, opening)
    saw = f"a sum in the signs {syntax.label}, sent in {opening.slot.label}, came back worked out"
    return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)


async def _proved_by_code(survey: Survey, say: Saying, opening: Opening, syntax: Syntax) -> Verdict:
    for language in templates.LANGUAGES:
        code, fresh = language.code(survey.scene.rng), language.code(survey.scene.rng)
        attack = await survey.send(opening, syntax.around(code.text))
        if not shows(attack, code.sum.result):
            continue
        control = await survey.send(opening, syntax.beside(code.text))
        again = await survey.send(opening, syntax.around(fresh.text))
        if not control.status or shows(control, code.sum.result) or not shows(again, fresh.sum.result):
            return each_opening.doubt(say, opening)
        saw = f"code in {language.name}, sent in {opening.slot.label}, was run"
        return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)
    return say.holds("it calculates, as it is there to do, but runs no code of the caller")


def _is_meant(operation: Operation, opening: Opening) -> bool:
    """Whether the field is there to be worked out, by its name or by that of the operation."""
    return bool(_MEANT.search(words_at(operation, opening)))


CHECK = Check(CODE, each_opening.takes_values, run, phase=Phase.TIMING)
