import pytest

from apiward.core.event import Event
from apiward.core.evidence import Denial, caller_of


@pytest.mark.parametrize(
    ("principal", "caller"), [("user:42", "user:42"), ("anonymous:", "192.0.2.1"), ("", "192.0.2.1")]
)
def test_who_shows_nothing_is_counted_by_the_address(principal: str, caller: str) -> None:
    event = Event("1", 0.0, "GET", "GET /a", "/a", 200, "passed", "192.0.2.1", principal)
    assert caller_of(event) == caller


def test_a_denial_knows_its_stage() -> None:
    one = Denial("GET /a", "shape.body", "body.a", "user:1", is_applied=False, is_moot=False, times=1, last_s=0.0)
    assert one.stage == "shape"
