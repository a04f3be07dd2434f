from pathlib import Path

from apiward.cli.evidence_kept import evidence_in
from apiward.cli.state import Context, State
from apiward.core.jsonvalue import Json


def test_what_a_scan_kept_is_found_by_the_id_of_the_finding(tmp_path: Path) -> None:
    state = State(tmp_path)
    context = Context("http://a.test", "", "", "read", 1, is_stated=False, is_insecure=False, is_allowed=False)
    report: dict[str, Json] = {
        "scan": {"target": "http://a.test"},
        "findings": [{"id": "0123456789", "curl": "curl /a"}, {"id": "aaaaaaaaaa"}],
    }
    state.keep("http://a.test", context, report, is_whole=True)
    assert evidence_in(state)("http://a.test", ["0123456789", "aaaaaaaaaa", "b"]) == {"0123456789": "curl /a"}
    assert evidence_in(state)("http://b.test", ["0123456789"]) == {}
