import json

from apiward.catalogue.loading import load_catalogue
from apiward.core.kept_finding import FindingState
from apiward.prove.reports.json import SCHEMA, render
from apiward.prove.reports.model import ReportKind, build_report
from tests.prove.reports.made import INCIDENT, NOW_S, kept, known

FINDING = kept(saw="\x1b[2J\u202e")
ALL = known(
    FINDING, kept("OWN99"), incidents=(INCIDENT,), fixed=(kept("OBJ02", state=FindingState.FIXED, fixed_s=NOW_S),)
)


def document(kind: ReportKind) -> dict[str, object]:
    text = render(build_report(ALL, load_catalogue().checks, kind=kind))
    assert text.isascii()
    found: dict[str, object] = json.loads(text)
    assert (found["schema"], found["kind"], found["made_at"]) == (SCHEMA, kind.value, "2026-11-30T12:00:00+00:00")
    return found


def test_the_full_report_has_single_findings_with_history() -> None:
    full = document(ReportKind.FULL)
    problems = full["problems"]
    assert isinstance(problems, list)
    assert [one["check"] for one in problems] == ["OBJ01", "OWN99"]
    (finding,) = problems[0]["findings"]
    assert (finding["id"], finding["saw"], finding["history"][0]["what"]) == (FINDING.id, FINDING.saw, "new")
    grade = full["grade"]
    assert isinstance(grade, dict)
    assert (grade["letter"], grade["steps"][0]["finding_ids"]) == ("D", [FINDING.id])
    assert grade["caps"][0]["letter"] == "D"
    assert isinstance(full["fixed"], list)
    assert full["incidents"] == [
        {
            "id": "4f2a",
            "title": "accounts.stuffing",
            "severity": "high",
            "state": "open",
            "first_seen": "2026-11-30T11:59:00+00:00",
            "last_seen": "2026-11-30T12:00:00+00:00",
        }
    ]


def test_the_summary_counts_and_the_proof_hides() -> None:
    summary = document(ReportKind.SUMMARY)
    assert summary["fixed"] == 1
    assert "findings" not in json.dumps(summary["problems"])
    assert set(document(ReportKind.PROOF)) == {"schema", "apiward_version", "kind", "made_at", "proof"}
