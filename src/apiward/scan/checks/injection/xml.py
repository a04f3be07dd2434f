"""INJ08: a document from the request has the server read files into it (CWE-611, OWASP API8:2019).

Proves: an entity that names a file which every system has brings the file's content into the answer, twice; one that
names a file which nobody has does not. Cannot: see readers that show nothing of the document, and it sends no document
that grows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying, worst_of
from apiward.scan.calling.arguments import Arguments
from apiward.scan.level import Phase
from apiward.scan.proofs import each_opening, file_probes, xml_probes
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey, word
from apiward.scan.proofs.xml_probes import Entity
from apiward.scan.scene import Scene
from apiward.spec.meaning import naming

CODE = "INJ08"
_UNASKED: Final = "application/xml"
_NAMES: Final = frozenset("xml svg saml soap rss feed wsdl xslt xsd".split())
_FILES: Final = (
    ("file:///etc/passwd", file_probes.is_passwd),
    ("file:///c:/windows/win.ini", file_probes.is_ini),
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a body, or a value that is a document by its name."""
    takes_body = bool(operation.bodies) and operation.method in ("POST", "PUT", "PATCH")
    return takes_body or any(_is_named_so(one.name) for one in operation.parameters)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send a document with an entity; go on only where the answer shows that it was worked out."""
    return await each_opening.judged(scene, operation, Saying(CODE, operation.key), _judged)


async def _judged(survey: Survey, say: Saying) -> Verdict:
    verdicts = [await _read(reader, say) for reader in _readers(survey)]
    if not verdicts:
        return say.not_run("takes nothing that could be written as a document of XML")
    return worst_of(verdicts)


@dataclass(frozen=True, slots=True)
class Reader:
    """Where a document is sent, and one that fits there. Without an opening it is the whole body."""

    survey: Survey
    document: str
    media_type: str = ""
    opening: Opening | None = None

    @property
    def label(self) -> str:
        """The place as people read it."""
        return self.opening.slot.label if self.opening is not None else "body"

    async def read(self, entity: Entity) -> Exchange:
        """Return what the operation makes of the document."""
        sent = entity.into(self.document)
        if self.opening is not None:
            return await self.survey.send(self.opening, sent)
        base = self.survey.base
        whole = Arguments(base.path, base.query, base.header, base.cookie, sent, self.media_type)
        return await self.survey.send_whole(whole)


def _readers(survey: Survey) -> Iterator[Reader]:
    operation = survey.operation
    for opening in survey.openings:
        is_document = opening.value.lstrip().startswith("<")
        if opening.slot.place != "header" and (is_document or _is_named_so(opening.slot.name)):
            yield Reader(survey, opening.value if is_document else xml_probes.PLAIN, opening=opening)
    document = xml_probes.example_of(operation) or _made(survey)
    if document:
        yield Reader(survey, document, xml_probes.takes_xml(operation) or _UNASKED)


async def _read(reader: Reader, say: Saying) -> Verdict:
    head, tail = word(reader.survey.scene.rng), word(reader.survey.scene.rng)
    first = await reader.read(xml_probes.inside(head, tail))
    if first.status in (0, 429):
        return say.unsure("no answer to a document with an entity")
    if f"{head}{tail}" not in first.text:
        return say.holds("an entity in a document was not worked out, as far as the answer shows")
    for address, is_read in _FILES:
        attack = await reader.read(xml_probes.outside(address))
        if not is_read(attack.text) or is_read(first.text):
            continue
        nothing = f"file:///etc/{word(reader.survey.scene.rng)}"
        control, again = await reader.read(xml_probes.outside(nothing)), await reader.read(xml_probes.outside(address))
        if not control.status or is_read(control.text) or not is_read(again.text):
            return say.unsure("an entity in a document brought a file once, and then not clearly again")
        saw = f"an entity of a document that was sent as {reader.label} brought a file of the server into the answer"
        return say.broken(saw, attack, control, more=(first, again), place=reader.label)
    return say.holds("entities inside of a document are worked out, but no file is read")


def _is_named_so(name: str) -> bool:
    return bool(_NAMES & set(naming.words(name)))


def _made(survey: Survey) -> str:
    body = survey.base.body
    if isinstance(body, NotJson) or not isinstance(body, dict) or "form" in survey.base.media_type:
        return ""
    return xml_probes.document(survey.operation, body)


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
