"""INJ07: a value from the request ends a line of the answer's head and begins another (CWE-113, OWASP API8:2019).

Proves: a header whose name we made up is in the answer, twice, after a line break in a value, and not after a space in
its place. Cannot: see what a server between us and the API takes out, or values that reach no header at all.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Phase
from apiward.scan.proofs import each_opening
from apiward.scan.proofs.echoes import echo, echoes
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey, word
from apiward.scan.scene import Scene

CODE = "INJ07"
# A plain line break, a bare line feed, and signs of which careless servers keep only the last byte.
_BREAKS: Final = ("\r\n", "\n", "\u560d\u560a")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Break the line where the first odd text came back in a header."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    openings = [one for one in survey.openings if one.slot.place != "header"]
    if not openings:
        return say.not_run(each_opening.NOTHING_SAFE)
    found = await each_opening.first(survey, say, openings, _tried)
    is_reached = any(one.headers for one in echoes(survey) if one.opening in openings)
    saw = "line breaks ended no header" if is_reached else "no value reaches a header of the answer"
    return found or each_opening.nothing_shown(survey, say, saw)


async def _tried(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    first = await echo(survey, opening)
    for sign in _BREAKS if first.headers else ():
        names = [f"x-{word(survey.scene.rng)}" for _ in range(2)]
        attack = await survey.send(opening, f"{opening.value}{sign}{names[0]}: 1")
        if not _has(attack, names[0]):
            continue
        control = await survey.send(opening, f"{opening.value} {names[0]}: 1")
        again = await survey.send(opening, f"{opening.value}{sign}{names[1]}: 1")
        if not control.status or _has(control, names[0]) or not _has(again, names[1]):
            return each_opening.doubt(say, opening)
        saw = (
            f"a line break in {opening.slot.label}, which stands in the header {first.headers[0]}, "
            "began a header of our own"
        )
        return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)
    return None


def _has(exchange: Exchange, name: str) -> bool:
    return exchange.response is not None and exchange.response.header(name) is not None


CHECK = Check(CODE, each_opening.takes_values, run, phase=Phase.TIMING)
