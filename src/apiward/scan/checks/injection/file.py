"""INJ04: a value from the request leads to a file outside of what is meant to be read (CWE-22, OWASP API8:2019).

Proves: a name with steps out of its folder brings the content of a file that every system has, twice, and the same
steps to a file that nobody has do not. Cannot: see files that are read but not shown, and it does not try where
something may be written, as a file of the system might be lost.
"""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Phase
from apiward.scan.proofs import each_opening, file_probes
from apiward.scan.proofs.openings import Opening, words_at
from apiward.scan.proofs.survey import Survey
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming, spoken

CODE = "INJ04"
_NAMED: Final = re.compile(
    r"\b(files?|filename|filepath|path|paths|dir|directory|folder|docs?|documents?|page|template|tpl|include|inc|load|"
    r"images?|img|photo|picture|avatar|attachments?|assets?|resources?|downloads?|reports?|exports?|logs?|lang|locale|"
    r"theme|style|src|source|media|static|backups?|worksheets?|invoices?|receipts?|content|key|name|view|url|uri)\b"
)
_READS: Final = re.compile(r"\b(read|view|download|load|fetch|preview|open|show|get|print|include)\b")
_WRITES: Final = re.compile(r"\b(content|contents|data|text|body|base64|bytes|upload|file(?= ))\b")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a value and reads."""
    if not (operation.parameters or operation.bodies):
        return False
    return operation.method == "GET" or (operation.method == "POST" and _may_read(operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Lead every value out with steps up; in all other ways only where a name of a file belongs."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    if survey.operation.is_safe and not survey.only_reads:
        return say.not_run("seems to change something: not tried with names of files")
    texts = [one for one in survey.openings if one.slot.place != "header"]
    if not texts:
        return say.not_run(each_opening.NOTHING_SAFE)
    if file_probes.is_passwd(survey.answer.text) or file_probes.is_ini(survey.answer.text):
        return say.unsure("its usual answer looks like a file of the system already")
    found = await each_opening.first(survey, say, texts, _tried)
    saw = f"{len(texts)} places tried; no name led out of its folder"
    return found or each_opening.nothing_shown(survey, say, saw)


async def _tried(survey: Survey, say: Saying, opening: Opening) -> Verdict | None:
    for way in file_probes.ways(opening.value) if _names_file(survey, opening) else (file_probes.FIRST,):
        attack = await survey.send(opening, way.to_known())
        if not way.shows_known(attack):
            continue
        control = await survey.send(opening, way.to_nothing(survey.scene.rng))
        again = await survey.send(opening, way.to_known())
        if not control.status or way.shows_known(control) or not way.shows_known(again):
            return each_opening.doubt(say, opening)
        saw = (
            f"a name in {opening.slot.label} led to a file of the system ({way.label}), and the answer held its content"
        )
        return say.broken(saw, attack, control, more=(again,), place=opening.slot.label)
    return None


def _names_file(survey: Survey, opening: Opening) -> bool:
    """Whether a name of a file belongs there: by its own name, by its value, or by what is answered."""
    if bool(re.search(r"/|\.[a-z0-9]{2,5}$", opening.value, re.IGNORECASE)) and "@" not in opening.value:
        return True
    return bool(_NAMED.search(words_at(survey.operation, opening))) or _is_document(survey.answer)


def _is_document(exchange: Exchange) -> bool:
    kind = exchange.response.media_type if exchange.response and exchange.is_success else ""
    return bool(kind) and "json" not in kind


def _may_read(operation: Operation) -> bool:
    """Whether a POST reads by its name, and takes nothing that could be written."""
    if not _READS.search(spoken.spoken_name(operation).replace("-", " ")):
        return False
    schema = operation.body_schema()
    names = [str(pointer[-1]) for pointer, _ in schema.fields() if pointer] if schema is not None else []
    return len(names) <= 2 and not any(_WRITES.search(" ".join(naming.words(name))) for name in names)


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
