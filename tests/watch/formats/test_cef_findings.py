from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from apiward.core.detection import Detection
from apiward.core.incident import Incident
from apiward.core.kept_finding import FindingTurn, KeptFinding
from apiward.watch.formats.cef_findings import cef_detection, cef_finding, cef_incident
from apiward.watch.formats.words import Words
from tests.stores.watching.made import INCIDENT, INCIDENTS, SEEN
from tests.watch.formats.made import NOW_S
from tests.watch.formats.test_cef import parsed
from tests.watch.formats.test_ocsf_findings import DETECTIONS, FINDING, FINDINGS

WORDS = Words("Notes of others can be read")


def test_each_kind_is_one_line_with_head_and_fields() -> None:
    head, values = parsed(cef_finding(FINDING, FindingTurn.FIXED, words=WORDS, version="1", at_s=NOW_S))
    assert head == ["CEF:0", "apiward", "scan", "1", "OBJ01", "Notes of others can be read", "8"]
    assert (values["act"], values["cs1"], values["externalId"]) == ("fixed", "GET /notes/{id}", "0a1b2c3d4e")
    head, values = parsed(cef_detection(SEEN, "4f2a", words=WORDS, version="1"))
    assert (head[2], head[4], values["src"], values["cnt"]) == ("watch", "accounts.stuffing", "192.0.2.1", "57")
    head, values = parsed(cef_incident(replace(INCIDENT, who="user:7", is_drill=True), words=WORDS, version="1"))
    assert (head[2], values["suser"], values["act"], values["cs3"]) == ("incident", "user:7", "open", "yes")
    assert values["msg"] == "57 accounts were tried from one address."


@given(FINDINGS, DETECTIONS, INCIDENTS, st.text(max_size=20))
def test_nothing_in_them_can_add_a_line(finding: KeptFinding, seen: Detection, incident: Incident, title: str) -> None:
    words = Words(title)
    for line in (
        cef_finding(finding, FindingTurn.NEW, words=words, version="1", at_s=NOW_S),
        cef_detection(seen, title, words=words, version="1"),
        cef_incident(incident, words=words, version="1"),
    ):
        assert line.splitlines() == [line]
        assert len(parsed(line)[0]) == 7
