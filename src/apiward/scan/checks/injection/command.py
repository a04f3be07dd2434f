"""INJ02: a value from the request becomes part of a command of the operating system (CWE-78, OWASP API8:2019).

Proves: a shell works out a sum that was sent and says it behind a word of ours, again and again, while a text of the
same signs without a sum gets no such answer; or, at level full, answers come later by just as many seconds as a shell
is told to wait. Cannot: see commands whose output is shown nowhere at lower levels, or shells of Windows.
"""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import shell_probes, waits
from apiward.scan.proofs import survey as surveys
from apiward.scan.proofs.computed import shows
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, spoken

CODE = "INJ02"
MAX_WAITING: Final = 3
_LIKELY: Final = re.compile(
    r"\b(host|hostname|ip|ips|address|domain|server|port|ping|trace|traceroute|lookup|dns|whois|nslookup|dig|cmd|command|"
    r"exec|execute|run|shell|process|job|task|script|file|filename|path|dir|directory|folder|archive|zip|unzip|tar|backup|"
    r"restore|export|import|convert|conversion|resize|thumbnail|render|pdf|print|image|video|audio|url|uri|repo|repository|branch|"
    r"git|log|logs|format|option|options|args|arguments|mail|subject|device|interface|diagnostic|diagnostics|check|"
    r"health|status|network|tool|tools|system|admin|download|name|message|width|size)\b"
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes any value."""
    return bool(operation.parameters or operation.bodies) and operation.method not in ("OPTIONS", "TRACE")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Have a shell say a sum; where it may say it to nobody, have it wait."""
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
    for opening in survey.openings:
        verdict = await _by_saying(survey, say, opening)
        if verdict is not None:
            return verdict
    if not survey.is_clear:
        return say.unsure("the operation gave no clear answer, not even to a harmless value")
    if survey.scene.level >= Level.FULL:
        for opening in _hidden(survey):
            verdict = await _by_waiting(survey, say, opening)
            if verdict is not None:
                return verdict
    return say.holds(f"{len(survey.openings)} places tried; no shell worked anything out")


async def _by_saying(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    rng = survey.scene.rng
    for make in (shell_probes.piped, shell_probes.replaced)[: 2 if _is_likely(survey, opening) else 1]:
        tried = make(opening.value, rng)
        attack = await survey.send(opening, tried.text)
        if not shows(attack, tried.sum.result, tried.word):
            continue
        fresh = make(opening.value, rng)
        control = await survey.send(opening, fresh.plain)
        again = await survey.send(opening, fresh.text)
        if shows(again, fresh.sum.result, fresh.word) and not shows(control, fresh.sum.result) and control.status:
            saw = f"a shell of the server worked out a sum that was sent in {opening.slot.label}"
            return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)
    return None


def _hidden(survey: Survey) -> list[Opening]:
    """Return the openings behind which a command may run unseen, the likeliest first."""
    texts = [one for one in survey.openings if surveys.is_text(one)]
    return sorted(texts, key=lambda one: not _is_likely(survey, one))[:MAX_WAITING]


async def _by_waiting(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    async def ask(wait_s: int) -> Exchange:
        return await survey.send(opening, shell_probes.waiting(opening.value, wait_s), timeout_s=waits.TIMEOUT_S)

    found = await waits.keeps_time(ask, survey.answer.elapsed_s)
    if found is None:
        return None
    longest, none, more = found
    saw = f"a shell of the server waited just as long as {opening.slot.label} told it to"
    return say.broken(saw, longest, none, more=more, place=opening.slot.label)


def _is_likely(survey: Survey, opening: Opening) -> bool:
    """Whether names speak for a command, of which the value is an argument."""
    said = " ".join((*naming.words(opening.slot.name), *spoken.spoken_name(survey.operation).split("-")))
    return bool(_LIKELY.search(said))


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
