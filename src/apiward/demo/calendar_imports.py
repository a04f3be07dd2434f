"""Hours from another calendar: its export in, what would be booked out. Nothing is kept."""

import re
from typing import Final

from starlette.responses import Response

from apiward.demo.callers import client
from apiward.demo.calls import Call, Refusal, answer
from apiward.demo.desk import Desk, Entry
from apiward.demo.worksheets import DISK

MOST_CHARACTERS: Final = 20_000
_ENTITY: Final = re.compile(r'<!ENTITY\s+(\w{1,40})\s+(SYSTEM\s+)?"([^"]{0,400})"\s*>')
_TOPIC: Final = re.compile(r"<topic>([^<]{0,400})</topic>")
_USED: Final = re.compile(r"&(\w{1,40});")
_KNOWN: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_MOST_TOPICS: Final = 50
_MOST_IN_TOPIC: Final = 4_000


def preview_import(desk: Desk, call: Call) -> Response:
    """Show which bookings an export of another calendar holds."""
    client(desk, call)
    document = call.body[:MOST_CHARACTERS].decode("utf-8", "replace")
    if not document.lstrip().startswith("<"):
        raise Refusal(400, "The body must be the export of a calendar")
    entities = dict(_KNOWN)
    if "<!" in document:
        if not desk.weak("xml-entities-import", noticed="SYSTEM" in document):
            raise Refusal(422, "Declarations are not taken")
        entities |= {name: _told(value, is_address=bool(where)) for name, where, value in _ENTITY.findall(document)}
    topics = [_filled(_filled(found, entities), entities) for found in _TOPIC.findall(document)[:_MOST_TOPICS]]
    return answer({"bookings": [{"topic": topic} for topic in topics]})


def _told(value: str, *, is_address: bool) -> str:
    return DISK.get(value.removeprefix("file://"), "") if is_address else value


def _filled(text: str, entities: dict[str, str]) -> str:
    """Return the text with its entities, cut: one that names others many times may not grow without end."""
    return _USED.sub(lambda found: entities.get(found[1], ""), text)[:_MOST_IN_TOPIC]


ENTRIES = (Entry("POST", "/api/v2/bookings/import", preview_import),)
