"""What is known of an API, made by hand: everything that can be in a report."""

from dataclasses import replace
from datetime import date
from typing import Final

from apiward.core.finding import Severity
from apiward.core.incident import Incident
from apiward.core.kept_finding import FindingMoment, FindingState, FindingTurn, KeptFinding
from apiward.core.kept_scan import CheckTally, KeptReason, KeptScan
from apiward.core.verdict import Confidence
from apiward.prove.baseline import Accepted
from apiward.prove.gathered import Gathered
from apiward.prove.reaching import DAY_S, reach_of
from apiward.prove.standing import GuardState, Standing, StandingFinding, StandingIncident, Treatment
from tests.prove.sample import TARGET

NOW_S: Final = 1_796_040_000.0  # 30 November 2026, 12:00 UTC
SCAN: Final = KeptScan(
    target=TARGET,
    at_s=NOW_S - DAY_S,
    title="Calm Coaching",
    level="full",
    is_whole=True,
    operations=("GET /notes/{id}", "POST /login"),
    answered=("GET /notes/{id}", "POST /login"),
    left_alone=1,
    requests=412,
    duration_s=12.0,
    accounts=2,
    accounts_tried=2,
    checks=(CheckTally("OBJ01", 0, 1, 1, 0), CheckTally("OWN99", 1, 0, 0, 0)),
    reasons=(KeptReason("the answers differ.", 1, is_run=True),),
    limits=("No account with special rights was at hand. Some may be missing.",),
)
INCIDENT: Final = Incident("4f2a", "accounts.stuffing", "address:192.0.2.1", Severity.HIGH, NOW_S - 60, NOW_S, 57)


def kept(check: str = "OBJ01", operation: str = "GET /notes/{id}", *, days: float = 3.0, **more: object) -> KeptFinding:
    """Return a finding that a scan has kept."""
    at_s = NOW_S - days * DAY_S
    made = KeptFinding(
        target=TARGET,
        id=f"{check.lower()}{len(operation):05}",
        check=check,
        operation=operation,
        place="path id",
        severity=Severity.HIGH,
        confidence=Confidence.PROVED,
        saw="Ben was shown the private note of Anna.",
        state=FindingState.OPEN,
        first_s=at_s,
        last_s=NOW_S - DAY_S,
        history=(FindingMoment(at_s, FindingTurn.NEW, "scan", Severity.HIGH),),
    )
    return replace(made, **more)  # type: ignore[arg-type] # by name


def known(
    *findings: KeptFinding,
    scan: KeptScan | None = SCAN,
    held: tuple[str, ...] = (),
    accepted: tuple[str, ...] = (),
    incidents: tuple[Incident, ...] = (),
    guard: GuardState = GuardState.ENFORCES,
    fixed: tuple[KeptFinding, ...] = (),
) -> Gathered:
    """Return what is known where these findings are open."""
    treatments = dict.fromkeys(held, Treatment.HELD) | dict.fromkeys(accepted, Treatment.ACCEPTED)
    day = date(2027, 1, 31)
    return Gathered(
        Standing(
            TARGET if scan else "",
            tuple(
                StandingFinding(
                    one.id,
                    one.check,
                    one.operation,
                    one.severity,
                    one.confidence,
                    (NOW_S - one.first_s) / DAY_S,
                    treatments.get(one.id, Treatment.OPEN),
                )
                for one in findings
            ),
            reach_of([scan] if scan else [], NOW_S),
            guard,
            tuple(StandingIncident(one.id, one.severity) for one in incidents),
            9.0,
        ),
        NOW_S,
        (TARGET,) if scan else (),
        (scan,) if scan else (),
        findings,
        fixed,
        {id_: Accepted(id_, "OBJ01", "GET /a", "The new one comes.", day, day) for id_ in accepted},
        dict.fromkeys(held, ("patch-1",)),
        incidents,
        NOW_S - 9 * DAY_S,
    )
