from apiward.spec.meaning import spoken
from tests.scan.operations import op

OPERATION = op(
    "POST /api/userAccounts/{id}/close accounts.closeUserAccount", body="reason", query="why", says="Closes it"
)


def test_what_is_said_of_an_operation() -> None:
    assert spoken.spoken_path(OPERATION) == "api-user-accounts-close"
    assert spoken.spoken_name(OPERATION) == "api-user-accounts-close-close-user-account"
    assert spoken.own_name(OPERATION) == "close-user-account"
    assert spoken.prose(OPERATION).startswith("closes")
    assert spoken.field_names(OPERATION) == ["reason", "why"]


def test_an_operation_without_a_name() -> None:
    assert spoken.spoken_name(op("GET /orders")) == "orders"
    assert spoken.spoken_name(op("GET /")) == ""
