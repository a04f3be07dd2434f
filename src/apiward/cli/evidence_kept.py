"""What the last scans kept of single findings: the request that shows it and the answer, masked when they were kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from apiward.cli.state import State
from apiward.core.jsonvalue import Json

MOST_BODY: Final = 1_200


def evidence_in(state: State) -> Callable[[str, Sequence[str]], Mapping[str, str]]:
    """Return what looks evidence up: text by the id of a finding, for those of which this user's scans kept some."""

    def look_up(target: str, ids: Sequence[str]) -> Mapping[str, str]:
        wanted = frozenset(ids)
        scans = [kept for kept in (state.last_of(target), state.last()) if kept is not None and kept.target == target]
        found = {str(one.get("id")): evidence_text(one) for kept in scans for one in kept.findings}
        return {id_: text for id_, text in found.items() if text and id_ in wanted}

    return look_up


def evidence_text(finding: Mapping[str, Json]) -> str:
    """Return the evidence of a finding as it stands in a JSON report; empty where there is none."""
    curl, evidence = finding.get("curl"), finding.get("evidence")
    attack = evidence.get("attack") if isinstance(evidence, dict) else None
    answer = attack.get("response") if isinstance(attack, dict) else None
    if not isinstance(curl, str) or not curl:
        return ""
    if not isinstance(answer, dict):
        return curl
    body = str(answer.get("body", ""))
    cut = body if len(body) <= MOST_BODY else f"{body[:MOST_BODY]}…"
    return f"{curl}\n\nHTTP {answer.get('status')}\n{cut}".rstrip()
