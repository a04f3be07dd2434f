from apiward.app.patching.cases import Rule, patch
from apiward.app.patching.loosening import loosened

ORDER = {"id": "order", "operations": ["GET /orders/{id}"], "mode": "enforce"}


def test_the_field_of_the_owner_may_go() -> None:
    rule = Rule("object", {**ORDER, "owner_field": "owner"}, ("a",))
    assert loosened(rule) == Rule("object", ORDER, ("a",))


def test_what_has_no_weaker_form_stays_as_it_is() -> None:
    assert loosened(Rule("object", ORDER)) is None
    assert loosened(patch("require-principal", "GET /orders", owner_field="owner")) is None
