import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.detection import Detection
from apiward.core.finding import Severity
from apiward.core.incident import Incident, IncidentState
from apiward.core.kept_finding import FindingState, FindingTurn, KeptFinding
from apiward.core.verdict import Confidence
from apiward.watch.formats.ocsf_findings import ocsf_detection, ocsf_finding, ocsf_incident
from apiward.watch.formats.words import Words
from tests.stores.watching.made import INCIDENT, INCIDENTS, SEEN
from tests.watch.formats.made import NOW_S
from tests.watch.formats.ocsf_rules import problems

WORDS = Words("Notes of others can be read", "Private notes leave.", "Check the owner.", "CWE-639", ("T1190",))
FINDING = KeptFinding(
    target="http://localhost:8000",
    id="0a1b2c3d4e",
    check="OBJ01",
    operation="GET /notes/{id}",
    place="id",
    severity=Severity.HIGH,
    confidence=Confidence.PROVED,
    saw="Ben was shown the note of Anna.",
    state=FindingState.OPEN,
    first_s=NOW_S,
    last_s=NOW_S + 60,
)
_texts = st.text(max_size=20)
_times = st.floats(-1e9, 1e15)
FINDINGS = st.builds(
    KeptFinding,
    target=_texts,
    id=_texts,
    check=_texts,
    operation=_texts,
    place=_texts,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    saw=_texts,
    state=st.sampled_from(FindingState),
    first_s=_times,
    last_s=_times,
    fixed_s=st.none() | _times,
    times=st.integers(0, 2**40),
)
DETECTIONS = st.builds(
    Detection,
    rule=_texts,
    who=st.sampled_from(["", "user:", "everybody:", "address:192.0.2.1", "address:x", "key:a"]) | _texts,
    severity=st.sampled_from(Severity),
    first_s=_times,
    last_s=_times,
    count=st.integers(0, 2**40),
    where=_texts,
    events=st.lists(_texts, max_size=3).map(tuple),
    facts=st.lists(st.tuples(_texts, _texts), max_size=3).map(tuple),
    touched=st.lists(_texts, max_size=3).map(tuple),
    is_drill=st.booleans(),
)
ALL_WORDS = st.builds(
    Words, _texts, _texts, _texts, st.sampled_from(["", "CWE-639"]), st.lists(_texts, max_size=2).map(tuple)
)


def shown(turn: FindingTurn = FindingTurn.NEW, finding: KeptFinding = FINDING, words: Words = WORDS) -> dict[str, Any]:
    found: dict[str, Any] = ocsf_finding(finding, turn, words=words, version="1.2", at_s=NOW_S, sequence=7)
    return found


@given(FINDINGS, st.sampled_from(FindingTurn), ALL_WORDS)
def test_every_finding_is_what_the_schema_asks_for(finding: KeptFinding, turn: FindingTurn, words: Words) -> None:
    assert problems(json.loads(json.dumps(shown(turn, finding, words)))) == []


@given(DETECTIONS, ALL_WORDS, st.booleans())
def test_every_detection_is_what_the_schema_asks_for(seen: Detection, words: Words, is_first: bool) -> None:  # noqa: FBT001 - given by hypothesis
    assert problems(ocsf_detection(seen, "4f2a", words=words, version="1", is_first=is_first)) == []


@given(INCIDENTS, ALL_WORDS, st.booleans())
def test_every_incident_is_what_the_schema_asks_for(incident: Incident, words: Words, is_first: bool) -> None:  # noqa: FBT001 - given by hypothesis
    assert problems(ocsf_incident(incident, words=words, version="1", is_first=is_first, sequence=3)) == []


@pytest.mark.parametrize(
    ("turn", "activity", "status"),
    [
        (FindingTurn.NEW, 1, 1),
        (FindingTurn.STILL_THERE, 2, 1),
        (FindingTurn.CAME_BACK, 2, 1),
        (FindingTurn.FIXED, 3, 4),
    ],
)
def test_a_finding_is_created_updated_and_closed(turn: FindingTurn, activity: int, status: int) -> None:
    found = shown(turn)
    assert (found["class_uid"], found["activity_id"], found["status_id"]) == (2002, activity, status)
    assert found["type_uid"] == 200_200 + activity
    assert found["unmapped"]["turn"] == turn.value


def test_a_finding_says_where_and_what_to_do() -> None:
    found = shown()
    assert (found["severity_id"], found["confidence_id"], found["time"]) == (4, 3, NOW_S * 1000)
    (weakness,) = found["vulnerabilities"]
    assert weakness["cwe"]["uid"] == "CWE-639"
    assert weakness["remediation"] == {"desc": "Check the owner."}
    assert found["resources"][0]["name"] == "GET /notes/{id}"
    assert found["finding_info"]["uid"] == "http://localhost:8000 0a1b2c3d4e"
    assert found["metadata"]["uid"] != shown()["finding_info"]["uid"], "each telling has an id of its own"


def test_a_detection_says_who_did_it() -> None:
    found: dict[str, Any] = ocsf_detection(SEEN, "4f2a", words=WORDS, version="1")
    assert (found["class_uid"], found["activity_id"], found["count"], found["is_alert"]) == (2004, 1, 57, True)
    assert found["evidences"][0]["src_endpoint"] == {"ip": "192.0.2.1"}
    assert found["evidences"][0]["api"] == {"operation": "POST /login"}
    user: dict[str, Any] = ocsf_detection(replace(SEEN, who="user:7"), "4f2a", words=WORDS, version="1", is_first=False)
    assert user["evidences"][0]["actor"] == {"user": {"uid": "user:7"}}
    assert (user["activity_id"], user["unmapped"]["incident"]) == (2, "4f2a")


@pytest.mark.parametrize(
    ("state", "is_first", "activity", "status"),
    [
        (IncidentState.OPEN, True, 1, 1),
        (IncidentState.OPEN, False, 2, 1),
        (IncidentState.CONTAINED, False, 2, 2),
        (IncidentState.REOPENED, False, 2, 2),
        (IncidentState.CLOSED, False, 3, 5),
    ],
)
def test_an_incident_says_how_it_stands(
    state: IncidentState,
    is_first: bool,  # noqa: FBT001 - a parameter of the test
    activity: int,
    status: int,
) -> None:
    given_incident = replace(INCIDENT, state=state)
    found: dict[str, Any] = ocsf_incident(given_incident, words=WORDS, version="1", is_first=is_first)
    assert (found["class_uid"], found["activity_id"], found["status_id"]) == (2005, activity, status)
    assert found["attacks"] == [{"technique": {"uid": "T1190"}}]
    assert found["unmapped"]["timeline"][0][2] == "57 accounts were tried from one address."


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"vulnerabilities": [{"title": "x"}]}, "just one"),
        ({"finding_info": {}}, "lacks uid"),
        ({"activity_id": 7}, "may not be 7"),
    ],
)
def test_the_judge_sees_what_is_wrong(change: dict[str, Any], problem: str) -> None:
    (found,) = problems({**shown(), **change})
    assert problem in found
