"""What joins two findings: seen in the scan, never guessed from their kinds."""

from dataclasses import dataclass

from apiward.core.verdict import Evidence


@dataclass(frozen=True, slots=True)
class Link:
    """One finding gives what comes next needs. `story` is its name in the catalogue.

    `first` and `then` are ids of findings; `then` is empty where the scan took the next step itself: at `leads_to`,
    which is an operation. `evidence` shows that step; without it, the evidence of both findings does. It is masked
    before it comes in here.
    """

    story: str
    first: str
    then: str
    leads_to: str
    saw: str
    evidence: Evidence | None = None
