"""Standings for the tests of grade and reports: made by hand, and any that hypothesis thinks of."""

from typing import Final

from hypothesis import strategies as st

from apiward.core.finding import Severity
from apiward.core.verdict import Confidence
from apiward.prove.standing import (
    GuardState,
    Reach,
    Standing,
    StandingFinding,
    StandingIncident,
    Treatment,
    Undecided,
)

WHOLE: Final = Reach(10, 10, 1.0, runs=40, decided=38, accounts=2, undecided=(Undecided("The API gave no answer.", 2),))
SOUND: Final = Standing("http://127.0.0.1:8000", (), WHOLE, GuardState.ENFORCES, exercise_age_days=20.0)
"""All is well."""


def known(
    severity: Severity = Severity.HIGH,
    treatment: Treatment = Treatment.OPEN,
    *,
    id_: str = "0123456789",
    check: str = "OBJ01",
    confidence: Confidence = Confidence.PROVED,
    age_days: float = 1.0,
) -> StandingFinding:
    """Return a finding."""
    return StandingFinding(id_, check, "GET /notes/{id}", severity, confidence, age_days, treatment)


_AGES: Final = st.floats(0, 400)
FINDINGS: Final = st.builds(
    StandingFinding,
    id=st.text("0123456789abcdef", min_size=10, max_size=10),
    check=st.sampled_from(["OBJ01", "INJ01", "AUT04", "CFG03", "CFG01", "PRO01", "RES02"]),
    operation=st.just("GET /notes/{id}"),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    age_days=_AGES,
    treatment=st.sampled_from(Treatment),
)
INCIDENTS: Final = st.builds(
    StandingIncident, st.text("0123456789abcdef", min_size=6, max_size=6), st.sampled_from(Severity), st.booleans()
)
REACHES: Final = st.integers(0, 12).flatmap(
    lambda operations: st.builds(
        Reach,
        st.just(operations),
        st.integers(0, operations),
        _AGES,
        runs=st.integers(0, 40),
        is_read_only=st.booleans(),
    )
)
STANDINGS: Final = st.builds(
    Standing,
    st.just("http://127.0.0.1:8000"),
    st.lists(FINDINGS, max_size=8, unique_by=lambda one: one.id).map(tuple),
    st.none() | REACHES | st.just(WHOLE),
    st.sampled_from(GuardState),
    st.lists(INCIDENTS, max_size=3, unique_by=lambda one: one.id).map(tuple),
    st.none() | _AGES,
)
