"""Events for formats: by hand, and any that hypothesis thinks of."""

from typing import Final

from hypothesis import strategies as st

from apiward.core.decision import Decision, Effect, Ruling
from apiward.core.event import Event
from apiward.core.lanes import AuditKind

NOW_S: Final = 1_800_000_000.0
PLAIN: Final = Event(
    "e1", NOW_S, "GET", "GET /orders/{id}", "/orders/7", 200, "passed", "192.0.2.1", "user:42", (), 0.001, 0.02, 10, 500
)


def ruling(rule: str, effect: Effect = Effect.DENY, *, is_applied: bool = True) -> Ruling:
    return Ruling(Decision(rule, effect, place="body.role", saw="a fact"), is_applied=is_applied)


_RULES = ("permit.role", "authenticate.token-expired", "conduct.log-in", "conduct.failed-log-in", "inspect.sql", "x.y")
RULINGS = st.builds(
    lambda rule, effect, place, applied: Ruling(Decision(rule, effect, place=place, saw=place), is_applied=applied),
    st.sampled_from(_RULES),
    st.sampled_from(Effect),
    st.text(max_size=20),
    st.booleans(),
)
EVENTS = st.builds(
    Event,
    id=st.text(max_size=30),
    at_s=st.floats(-1e9, 1e15),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE", ""]),
    operation=st.one_of(st.just(""), st.text(max_size=30)),
    path=st.text(max_size=30),
    status=st.integers(0, 999),
    outcome=st.sampled_from(["passed", "refused", "failed", "gone"]),
    client=st.one_of(st.sampled_from(["", "192.0.2.7", "2001:db8::1", "unix:"]), st.text(max_size=20)),
    principal=st.one_of(st.sampled_from(["anonymous:", "user:42", "key:a|b", ""]), st.text(max_size=20)),
    rulings=st.lists(RULINGS, max_size=3).map(tuple),
    own_s=st.floats(0, 10),
    elapsed_s=st.floats(-1, 1e6),
    request_size=st.integers(-1, 2**63 - 1),
    answer_size=st.integers(-1, 2**63 - 1),
    kind=st.sampled_from(["request", "request", "guard", *(kind.value for kind in AuditKind)]),
    said=st.text(max_size=40),
    marks=st.lists(
        st.tuples(st.sampled_from(["session", "asn", "country", "agent", "x"]), st.text(max_size=20)), max_size=3
    ).map(tuple),
)
