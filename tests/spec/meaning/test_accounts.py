"""What operations do with accounts: a table of names from real public APIs and their like, both ways."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Operation
from apiward.spec.meaning import accounts, dangers
from tests.scan.operations import op

LOG_INS: Final = """
POST /login | username password
POST /api/v1/login | email password
POST /users/v1/login | username password
POST /identity/api/auth/login | email password
POST /rest/user/login | email password
POST /auth/sign-in | email password
POST /auth/signin | email password
POST /signIn | email password
POST /users/sign_in | email password
POST /userLogin | user pass
POST /userlogin | user pass
POST /doLogin | user pwd
POST /authenticate | username password
POST /api/authenticate | username password
POST /api/auth | username password
POST /auth/token | username password
POST /token login_for_access_token | username password
POST /oauth/token | username password client_secret
POST /oauth2/token | username password
POST /auth/jwt/create/ | username password
POST /api-token-auth/ | username password
POST /sessions | email password
POST /session createSession | email password
POST /accounts/login/ | login password
POST /account/logon | name password
POST /merchant/authenticate | merchant_id secret
POST /registered-users/login | email password
""".strip().splitlines()

NO_LOG_INS: Final = """
POST /auth/register | email password
POST /auth/signup | email password
POST /auth/users/ | email username password
POST /auth/change-password | old_password new_password
POST /auth/password/change/ | new_password1 new_password2
POST /auth/password | password
POST /auth/users/set_password/ | new_password current_password
POST /auth/reset | token password
POST /auth/forgot-password | email
POST /login | email
POST /auth/token/refresh | refresh_token
POST /catalog/info | name pin
POST /blog/index | pass
POST /logout | password
POST /users | email password
POST /orders | title
POST /users/check-password | password
POST /identity/api/auth/v3/check-otp | email otp password
POST /orders/{id}/authorize | pin
POST /auth/get | client_id secret
POST /user_account/session/get | client_id secret
""".strip().splitlines()

SIGN_UPS: Final = """
POST /register | username password email
POST /users/v1/register | username password email
POST /identity/api/auth/signup | name email number password
POST /auth/sign-up | email password
POST /signUp | email password
POST /auth/registration/ | username password1 password2
POST /dj-rest-auth/registration/ | username password1 password2
POST /auth/users/ | username password
POST /users | name email password
POST /api/Users | email password passwordRepeat
POST /user createUser | username password
POST /customers | email password
POST /accounts | email password
POST /api/v2/members | email password
POST /createAccount | email password
POST /users/create | email password
POST /users/add | email password
POST /users/new | email password
POST /auth/join | email password
POST /onboard | email password
POST /registerUser | email password
POST /userRegister | email password
POST /enroll | email password
PUT /register | email password
""".strip().splitlines()

NO_SIGN_UPS: Final = """
POST /login | username password
POST /users/login | username password
POST /users | name email
POST /users/{id} | password
POST /users/reset-password | password token
POST /users/change-password | old_password new_password
POST /admin/users | email password
POST /register/verify | email password
POST /orders | title
POST /devices/register | device_name
GET /users | email password
POST /user/createWithList | username password
POST /users/bulk | username password
POST /accounts/get | client_id secret
POST /user/remove | username password
POST /user/create | client_id secret
POST /registries createRegistry | access_secret
""".strip().splitlines()

LOG_OUTS: Final = """
POST /logout
GET /logout
POST /auth/log-out
POST /auth/sign-out
POST /users/signout
DELETE /users/sign_out
DELETE /session
DELETE /sessions
DELETE /auth/token
POST /auth/revoke
POST /oauth/revoke
POST /tokens/revoke
POST /revokeToken
POST /logoff
POST /auth/logout-all
""".strip().splitlines()

NO_LOG_OUTS: Final = """
POST /login
GET /catalog/outlets
GET /catalog-output
POST /api-keys/{id}/revoke
POST /invitations/{id}/revoke
POST /certificates/revoke
DELETE /sessions/{id}
DELETE /payment-methods/{id}
GET /sessions
GET /blog/output
""".strip().splitlines()

RESETS: Final = """
POST /forgot-password | email
POST /forgotpassword | email
POST /users/forget-password | email
POST /identity/api/auth/forget-password | email
POST /password/reset | email
POST /reset-password | email
POST /resetPassword | email
POST /password-reset/ | email
POST /auth/users/reset_password/ | email
POST /users/reset_password_request | email
POST /account/recover | email
POST /recovery | email
POST /lost-password | email
GET /password/reset | -
""".strip().splitlines()

NO_RESETS: Final = """
POST /reset-password | token password
POST /reset | -
POST /db/reset | -
POST /demo/reset | -
POST /passwords/reset-all | -
GET /presets | -
POST /passengers/reset | name
POST /compass/reset | name
DELETE /password/reset | -
""".strip().splitlines()

CHANGES: Final = """
POST /change-password | old_password new_password
PUT /users/v1/{username}/password | password
PATCH /me/password | current new_password
POST /auth/change-password | old_password new_password
POST /auth/password/change/ | new_password1 new_password2
POST /users/set_password | new_password
POST /identity/api/v2/user/reset-password | email otp password
""".strip().splitlines()


def _of(line: str) -> Operation:
    head, _, fields = line.partition(" | ")
    return op(head, body="" if fields == "-" else fields)


@pytest.mark.parametrize("line", LOG_INS)
def test_log_ins_are_recognised(line: str) -> None:
    assert accounts.is_log_in(_of(line))
    assert not accounts.is_sign_up(_of(line))
    assert not accounts.is_log_out(_of(line))
    assert dangers.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_LOG_INS)
def test_other_operations_are_no_log_ins(line: str) -> None:
    assert not accounts.is_log_in(_of(line))


@pytest.mark.parametrize("line", SIGN_UPS)
def test_sign_ups_are_recognised(line: str) -> None:
    assert accounts.is_sign_up(_of(line))
    assert not accounts.is_log_in(_of(line))
    assert dangers.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_SIGN_UPS)
def test_other_operations_are_no_sign_ups(line: str) -> None:
    assert not accounts.is_sign_up(_of(line))


@pytest.mark.parametrize("line", LOG_OUTS)
def test_log_outs_are_recognised(line: str) -> None:
    assert accounts.is_log_out(_of(line))
    assert dangers.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_LOG_OUTS)
def test_other_operations_are_no_log_outs(line: str) -> None:
    assert not accounts.is_log_out(_of(line))


@pytest.mark.parametrize("line", RESETS)
def test_password_resets_are_recognised(line: str) -> None:
    assert accounts.is_password_reset(_of(line))
    assert dangers.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_RESETS)
def test_other_operations_are_no_password_resets(line: str) -> None:
    assert not accounts.is_password_reset(_of(line))


def test_a_reset_may_speak_of_the_password_in_words_alone() -> None:
    assert accounts.is_password_reset(op("POST /account/reset", body="email", says="Sends a link for a new password"))


@pytest.mark.parametrize("line", CHANGES)
def test_password_changes_are_recognised(line: str) -> None:
    operation = _of(line)
    assert accounts.is_password_change(operation)
    assert accounts.is_account_operation(operation)
    assert dangers.danger(operation) is None


def test_an_order_is_no_account_operation() -> None:
    assert not accounts.is_account_operation(_of("POST /orders | title"))
    assert not accounts.is_password_change(_of("GET /password | password"))


def test_making_accounts_as_staff_is_no_sign_up_but_a_careless_registration_is() -> None:
    assert not accounts.is_sign_up(op("POST /admin/register", body="email password", secured=True))
    assert accounts.is_sign_up(op("POST /admin/register", body="email password"))


@pytest.mark.parametrize("key", ["POST /login", "POST /api/v2/token", "POST /sessions", "POST /auth/sign-in"])
def test_a_log_in_takes_a_password(key: str) -> None:
    assert accounts.is_log_in(op(key, body="email password"))
    assert not accounts.is_log_in(op(key, body="name"))


def test_staff_and_strangers_make_accounts() -> None:
    by_staff = op("POST /admin/users", body="email password", secured=True)
    assert accounts.makes_account(by_staff)
    assert not accounts.is_sign_up(by_staff)
    assert accounts.makes_account(op("POST /register", body="email password"))
    assert not accounts.makes_account(op("POST /users/check", body="email password"))


@pytest.mark.parametrize("path", ["/api/v1/auth/login", "/oauth/token", "/sessions"])
def test_paths_of_log_ins(path: str) -> None:
    assert accounts.is_log_in_path(path)
    assert not accounts.is_sign_up_path(path)


@pytest.mark.parametrize("path", ["/users/v1/register", "/api/users"])
def test_paths_of_sign_ups(path: str) -> None:
    assert accounts.is_sign_up_path(path)
    assert not accounts.is_log_in_path(path)


@pytest.mark.parametrize("path", ["/api/v1/orders", "/auth/verify", "/users/import", "/auth/password/reset"])
def test_paths_of_neither(path: str) -> None:
    assert not accounts.is_log_in_path(path)
    assert not accounts.is_sign_up_path(path)


@pytest.mark.parametrize("path", ["/logout", "/api/signOut", "/auth/log_off", "/users/end-session"])
def test_paths_of_log_outs(path: str) -> None:
    assert accounts.is_log_out_path(path)


@pytest.mark.parametrize("path", ["/logouts-report", "/tokens/revoke", "/sessions", "/" + "a/" * 200 + "logout"])
def test_paths_of_no_log_outs(path: str) -> None:
    assert not accounts.is_log_out_path(path)


@given(st.text(max_size=400))
def test_any_path_can_be_judged(path: str) -> None:
    accounts.is_log_in_path(path)
    accounts.is_sign_up_path(path)
    accounts.is_log_out_path(path)
