"""INJ09: a value becomes part of a query of a directory or a document (CWE-90, CWE-643, OWASP API8:2019).

Proves: a text that only such a query reads as the value is answered as the value is, and its like that means something
else is not, twice. Cannot: see queries whose result the answer does not depend on.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.meaning.likeness import is_same
from apiward.scan.proofs import each_opening, lookup_probes
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene

CODE = "INJ09"
_WHAT: Final = {"directory": "a directory (LDAP)", "document": "a document (XPath)"}


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Go on only where the answer depends on the value, and signs of queries are not taken as plain text."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    texts = [one for one in survey.openings if one.takes_text and not one.value.isdigit()]
    if not texts:
        return say.not_run("no text here that a query could be made of")
    found = await each_opening.first(survey, say, texts, _tried)
    saw = f"{len(texts)} places tried; signs of queries were taken as plain text"
    return found or each_opening.nothing_shown(survey, say, saw)


async def _tried(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    usual = await survey.usual(opening)
    if not judging.is_accepted(usual):
        return None
    missing = str(values.unlike(opening.value, survey.scene.rng))
    nothing = await survey.send_plain(opening, missing)
    if nothing.status in (0, 429) or _is_like(usual, nothing, opening.value, missing):
        return None
    for place, pair in enumerate(lookup_probes.pairs(opening.value, survey.scene.rng)):
        same = await survey.send(opening, pair.same)
        if not _is_like(usual, same, opening.value, pair.same):
            continue
        other = await survey.send(opening, pair.other)
        fresh = list(lookup_probes.pairs(opening.value, survey.scene.rng))[place]
        again, other_again = await survey.send(opening, fresh.same), await survey.send(opening, fresh.other)
        if any(one.status in (0, 429) for one in (other, other_again)):
            return each_opening.doubt(say, opening)
        if (
            _is_like(usual, again, opening.value, fresh.same)
            and not _is_like(usual, other, opening.value, pair.other)
            and not _is_like(usual, other_again, opening.value, fresh.other)
        ):
            saw = f"a query of {_WHAT[pair.kind]} worked out what stood in {opening.slot.label}"
            return say.broken(saw, same, other, more=(again, other_again), place=opening.slot.label)
    return None


def _is_like(usual: Exchange, exchange: Exchange, value: str, sent: str) -> bool:
    return is_same(usual, exchange, value, sent, value)


CHECK = Check(CODE, each_opening.takes_values, run, phase=Phase.TIMING)
