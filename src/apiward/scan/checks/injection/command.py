"""INJ02: a value from the request becomes part of a command of the operating system (CWE-78, OWASP API8:2019).

Proves: a shell works out a sum that was sent and says it behind a word of ours, again and again, while a text of the
same signs without a sum gets no such answer; or, at level full, answers come later by just as many seconds as a shell
is told to wait. Cannot: see commands whose output is shown nowhere at lower levels, or shells of Windows.
"""

import re
from functools import partial
from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.proofs import each_opening, shell_probes
from apiward.scan.proofs.computed import shows
from apiward.scan.proofs.openings import Opening, words_at
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene

CODE = "INJ02"
MAX_WAITING: Final = 3
_LIKELY: Final = re.compile(
    r"\b(host|hostname|ip|ips|address|domain|server|port|ping|trace|traceroute|lookup|dns|whois|nslookup|dig|cmd|command|"
    r"exec|execute|run|shell|process|job|task|script|file|filename|path|dir|directory|folder|archive|zip|unzip|tar|backup|"
    r"restore|export|import|convert|conversion|resize|thumbnail|render|pdf|print|image|video|audio|url|uri|repo|repository|branch|"
    r"git|log|logs|format|option|options|args|arguments|mail|subject|device|interface|diagnostic|diagnostics|check|"
    r"health|status|network|tool|tools|system|admin|download|name|message|width|size)\b"
)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Have a shell say a sum; where it may say it to nobody, have it wait."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    if not survey.openings:
        return say.not_run(each_opening.NOTHING_SAFE)
    said = await each_opening.first(survey, say, survey.openings, _by_saying)
    if said is None and survey.is_clear and survey.scene.level >= Level.FULL:
        said = await each_opening.first(survey, say, _hidden(survey), _by_waiting)
    tried = f"{len(survey.openings)} places tried; no shell worked anything out"
    return said or each_opening.nothing_shown(survey, say, tried)


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
        if not control.status or not shows(again, fresh.sum.result, fresh.word):
            return each_opening.doubt(say, opening)
        if not shows(control, fresh.sum.result):
            saw = f"a shell of the server worked out a sum that was sent in {opening.slot.label}"
            return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)
    return None


def _hidden(survey: Survey) -> list[Opening]:
    """Return the openings behind which a command may run unseen, the likeliest first."""
    texts = [one for one in survey.openings if one.takes_text]
    return sorted(texts, key=lambda one: not _is_likely(survey, one))[:MAX_WAITING]


async def _by_waiting(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    saw = f"a shell of the server waited just as long as {opening.slot.label} told it to"
    return await each_opening.waited(survey, say, opening, partial(shell_probes.waiting, opening.value), saw)


def _is_likely(survey: Survey, opening: Opening) -> bool:
    """Whether names speak for a command, of which the value is an argument."""
    return bool(_LIKELY.search(words_at(survey.operation, opening)))


CHECK = Check(CODE, each_opening.takes_values, run, phase=Phase.TIMING)
