"""What scans have kept of single findings: the request that shows it and the answer, masked when they were kept."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from apiward.core.jsonvalue import Json

MOST_BODY: Final = 1_200


def evidence_of(findings: Iterable[Mapping[str, Json]], ids: Collection[str]) -> dict[str, str]:
    """Return the evidence by the id of its finding, for those of `ids` of which there is some."""
    wanted = frozenset(ids)
    found = {str(one.get("id")): evidence_text(one) for one in findings}
    return {id_: text for id_, text in found.items() if text and id_ in wanted}


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
