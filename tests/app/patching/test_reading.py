import pytest

from apiward.app.patching.reading import UnreadableFindingError, read_finding
from apiward.core.exchange import Exchange, Failure, Request
from apiward.core.finding import Severity
from apiward.core.jsonvalue import Json
from apiward.core.verdict import Confidence
from apiward.prove.formats import json as json_format
from tests.app.patching.made import exchange, finding

READ = finding(
    "OBJ01",
    "GET /notes/{id}",
    exchange("GET", "/notes/3", {"id": 3}, body={"a": 1}),
    exchange("GET", "/notes/4", status=404),
    Exchange(Request("GET", "http://shop.test/x"), failure=Failure.TIMEOUT),
    place="path",
)


def kept() -> dict[str, Json]:
    found = json_format._finding(READ, "", None)
    assert isinstance(found, dict)
    return found


def test_a_finding_comes_back_as_it_was_written() -> None:
    back = read_finding(kept())
    assert (back.id, back.saw, back.severity, back.confidence) == (READ.id, READ.saw, Severity.HIGH, Confidence.PROVED)
    assert back.evidence == READ.evidence


@pytest.mark.parametrize("change", [{"check": None}, {"evidence": []}, {"severity": "awful"}, {"confidence": "quite"}])
def test_one_that_cannot_be_read_is_told(change: dict[str, Json]) -> None:
    found = {**kept(), **change}
    if change.get("check", "") is None:
        del found["check"]
    with pytest.raises(UnreadableFindingError):
        read_finding(found)
