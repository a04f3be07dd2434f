import pytest

from apiward.core.jsonvalue import Json
from apiward.guard.conducts import meaning
from tests.guard.schemas import PASSWORD, TEXT, obj, operation

CREDENTIALS = obj({"email": TEXT, "password": PASSWORD})
CHANGE = obj({"current_password": PASSWORD, "new_password": PASSWORD})


@pytest.mark.parametrize("key", ["POST /login", "POST /api/v2/token", "POST /sessions", "POST /auth/sign-in"])
def test_log_ins(key: str) -> None:
    assert meaning.is_log_in(operation(key, sent=CREDENTIALS))
    assert not meaning.is_log_in(operation(key, sent=obj({"name": TEXT})))


@pytest.mark.parametrize("key", ["POST /register", "POST /users", "POST /auth/signup", "POST /clients"])
def test_sign_ups(key: str) -> None:
    described = operation(key, sent=CREDENTIALS)
    assert meaning.is_sign_up(described)
    assert not meaning.is_log_in(described)
    assert not meaning.is_password_change(described)


@pytest.mark.parametrize(
    "key", ["PUT /me/password", "POST /change-password", "POST /password/reset", "PATCH /users/{id}/password"]
)
def test_password_changes(key: str) -> None:
    described = operation(key, sent=CHANGE)
    assert meaning.is_password_change(described)
    assert not meaning.is_log_in(described)


@pytest.mark.parametrize("key", ["POST /orders", "POST /password/check", "DELETE /sessions/{id}"])
def test_neither(key: str) -> None:
    described = operation(key, sent=CREDENTIALS)
    assert not meaning.is_log_in(described)
    assert not meaning.is_sign_up(described)


def test_paths_without_description() -> None:
    assert meaning.is_log_in_path("/api/v1/auth/login")
    assert not meaning.is_log_in_path("/api/v1/orders")
    assert meaning.is_sign_up_path("/users/v1/register")
    assert meaning.is_sign_up_path("/api/users")
    assert not meaning.is_sign_up_path("/api/login")


def test_names_of_fields() -> None:
    assert all(map(meaning.is_password_name, ("password", "newPassword", "user_pwd")))
    assert not any(map(meaning.is_password_name, ("email", "passenger")))
    assert all(map(meaning.is_account_name, ("email", "username", "login", "phone_number")))
    assert not any(map(meaning.is_account_name, ("client_id", "scope", "grant_type")))


@pytest.mark.parametrize(
    "value", [{"status": "fail"}, {"success": False}, {"error": "wrong"}, {"code": 401}, {"meta": {"status": "error"}}]
)
def test_says_failure(value: Json) -> None:
    assert meaning.says_failure(value)


@pytest.mark.parametrize("value", [{"status": "ok"}, {"token": "x"}, {"error": None}, [], "fail", {"code": 200}])
def test_does_not_say_failure(value: Json) -> None:
    assert not meaning.says_failure(value)
