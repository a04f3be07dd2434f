"""What the last scans of this user kept of single findings."""

from collections.abc import Callable, Mapping, Sequence

from apiward.app.reporting.evidence import evidence_of
from apiward.cli.state import State


def evidence_in(state: State) -> Callable[[str, Sequence[str]], Mapping[str, str]]:
    """Return what looks evidence up: text by the id of a finding, for those of which this user's scans kept some."""

    def look_up(target: str, ids: Sequence[str]) -> Mapping[str, str]:
        return evidence_of(state.findings_of(target), ids)

    return look_up
