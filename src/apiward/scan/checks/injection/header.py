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
from apiward.scan.proofs import survey as surveys
from apiward.scan.proofs.echoes import echo
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey, word
from apiward.scan.scene import Scene

CODE = "INJ07"
# A plain line break, a bare line feed, and signs of which careless servers keep only the last byte.
_BREAKS: Final = ("\r\n", "\n", "\u560d\u560a")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes any value."""
    return bool(operation.parameters or operation.bodies) and operation.method not in ("OPTIONS", "TRACE")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Break the line where the first odd text came back in a header."""
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
    reaching = 0
    for opening in survey.openings:
        first = await echo(survey, opening)
        if opening.slot.place == "header" or not first.headers:
            continue
        reaching += 1
        for sign in _BREAKS:
            verdict = await _tried(survey, say, opening, sign, first.headers[0])
            if verdict is not None:
                return verdict
    if not survey.is_clear:
        return say.unsure("the operation gave no clear answer, not even to a harmless value")
    return say.holds("line breaks ended no header" if reaching else "no value reaches a header of the answer")


async def _tried(survey: Survey, say: Saying, opening: Opening, sign: str, header: str) -> Verdict | None:
    names = [f"x-{word(survey.scene.rng)}" for _ in range(2)]
    attack = await survey.send(opening, f"{opening.value}{sign}{names[0]}: 1")
    if not _has(attack, names[0]):
        return None
    control = await survey.send(opening, f"{opening.value} {names[0]}: 1")
    again = await survey.send(opening, f"{opening.value}{sign}{names[1]}: 1")
    if _has(control, names[0]) or not _has(again, names[1]):
        return None
    saw = f"a line break in {opening.slot.label}, which stands in the header {header}, began a header of our own"
    return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)


def _has(exchange: Exchange, name: str) -> bool:
    return exchange.response is not None and exchange.response.header(name) is not None


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
