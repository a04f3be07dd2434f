from apiward.guard.preflights import is_preflight
from tests.guard.calls import call

ASKS = {"origin": "https://a.test", "access-control-request-method": "PUT"}


def test_only_what_asks_beforehand_is_a_preflight() -> None:
    assert is_preflight(call("OPTIONS", headers=ASKS))
    assert not is_preflight(call("OPTIONS", headers={"origin": "https://a.test"}))
    assert not is_preflight(call("OPTIONS", headers={"access-control-request-method": "PUT"}))
    assert not is_preflight(call("DELETE", headers=ASKS))
