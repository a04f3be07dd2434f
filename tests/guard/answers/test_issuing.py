import pytest

from apiward.guard.answers.issuing import gives_credentials, path_gives_credentials, sets_up_factor
from tests.guard.schemas import PASSWORD, TEXT, obj, operation

LOG_IN = obj({"email": TEXT, "password": PASSWORD})


@pytest.mark.parametrize(
    "key",
    [
        "POST /login",
        "POST /auth/refresh",
        "POST /api-keys",
        "POST /keys/{id}/rotate",
        "GET /auth/session",
        "POST /webhooks",
    ],
)
def test_gives(key: str) -> None:
    assert gives_credentials(operation(key, sent=LOG_IN if "login" in key else None))


@pytest.mark.parametrize(
    "key", ["GET /users", "GET /tokens/{id}", "POST /password/forgot", "POST /orders", "GET /me", "PATCH /me"]
)
def test_does_not_give(key: str) -> None:
    assert not gives_credentials(operation(key))


def test_a_path_without_description() -> None:
    assert path_gives_credentials("POST", "/v1/oauth/token")
    assert not path_gives_credentials("GET", "/v1/users/7")


def test_second_factors() -> None:
    assert sets_up_factor(operation("POST /me/mfa/setup"))
    assert not sets_up_factor(operation("GET /me/mfa"))
