"""What operations are for: a table of names from real public APIs and their like, both ways."""

from typing import Final

import pytest

from apiward.core.api import Operation
from apiward.scan.meaning import roles
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

STAFF: Final = """
GET /admin
GET /admin/users
GET /api/v1/admin/orders/{id}
DELETE /administration/users/{id}
GET /identity/api/v2/admin/videos/{video_id}
GET /backoffice/reports
GET /back-office/reports
GET /staff/orders
GET /manage/users
GET /internal/metrics
GET /moderator/queue
GET /users/admin-list
""".strip().splitlines()

NOT_STAFF: Final = """
GET /users
GET /staff
GET /staff/{id}
GET /staff/{id}/photo
GET /employees/{id}
GET /account-management/bookings
GET /user-management/me
GET /orders/{id}
GET /administrative-areas
GET /badminton/courts
GET /root-vegetables
""".strip().splitlines()

STAFF_WORDS: Final = """
Only admins can list users
Admin only
Lists all users (admin-only)
Requires administrator rights
Must be an admin
Restricted to staff
Needs staff permission
As an admin, delete any user
This is for administrators
Admin access needed
[Admin] List users
""".strip().splitlines()

NO_STAFF_WORDS: Final = """
Lists the books
No admin rights needed
Works without admin access
Contact the administrator if it fails
Returns the name of the manager
Books an appointment with a member of staff
""".strip().splitlines()


def _of(line: str) -> Operation:
    head, _, fields = line.partition(" | ")
    return op(head, body="" if fields == "-" else fields)


@pytest.mark.parametrize("line", LOG_INS)
def test_log_ins_are_recognised(line: str) -> None:
    assert roles.is_log_in(_of(line))
    assert not roles.is_sign_up(_of(line))
    assert not roles.is_log_out(_of(line))
    assert roles.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_LOG_INS)
def test_other_operations_are_no_log_ins(line: str) -> None:
    assert not roles.is_log_in(_of(line))


@pytest.mark.parametrize("line", SIGN_UPS)
def test_sign_ups_are_recognised(line: str) -> None:
    assert roles.is_sign_up(_of(line))
    assert not roles.is_log_in(_of(line))
    assert roles.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_SIGN_UPS)
def test_other_operations_are_no_sign_ups(line: str) -> None:
    assert not roles.is_sign_up(_of(line))


@pytest.mark.parametrize("line", LOG_OUTS)
def test_log_outs_are_recognised(line: str) -> None:
    assert roles.is_log_out(_of(line))
    assert roles.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_LOG_OUTS)
def test_other_operations_are_no_log_outs(line: str) -> None:
    assert not roles.is_log_out(_of(line))


@pytest.mark.parametrize("line", RESETS)
def test_password_resets_are_recognised(line: str) -> None:
    assert roles.is_password_reset(_of(line))
    assert roles.danger(_of(line)) is None


@pytest.mark.parametrize("line", NO_RESETS)
def test_other_operations_are_no_password_resets(line: str) -> None:
    assert not roles.is_password_reset(_of(line))


def test_a_reset_may_speak_of_the_password_in_words_alone() -> None:
    assert roles.is_password_reset(op("POST /account/reset", body="email", says="Sends a link for a new password"))


@pytest.mark.parametrize("line", CHANGES)
def test_password_changes_are_recognised(line: str) -> None:
    operation = _of(line)
    assert roles.is_password_change(operation)
    assert roles.is_account_operation(operation)
    assert roles.danger(operation) is None


def test_an_order_is_no_account_operation() -> None:
    assert not roles.is_account_operation(_of("POST /orders | title"))
    assert not roles.is_password_change(_of("GET /password | password"))


@pytest.mark.parametrize("line", STAFF)
def test_paths_of_staff_are_recognised(line: str) -> None:
    assert roles.is_meant_for_staff(op(line))
    assert not roles.says_staff_only(op(line))


@pytest.mark.parametrize("line", NOT_STAFF)
def test_other_paths_are_for_everybody(line: str) -> None:
    assert not roles.is_meant_for_staff(op(line))


@pytest.mark.parametrize("words", STAFF_WORDS)
def test_words_for_staff_are_recognised(words: str) -> None:
    assert roles.says_staff_only(op("GET /x", says=words))


@pytest.mark.parametrize("words", NO_STAFF_WORDS)
def test_other_words_are_for_everybody(words: str) -> None:
    assert not roles.says_staff_only(op("GET /x", says=words))


def test_a_tag_may_say_that_an_operation_is_for_staff() -> None:
    assert roles.says_staff_only(op("GET /x", tags=("Admin",)))
    assert not roles.says_staff_only(op("GET /x", tags=("Badminton",)))


def test_making_accounts_as_staff_is_no_sign_up_but_a_careless_registration_is() -> None:
    assert not roles.is_sign_up(op("POST /admin/register", body="email password", secured=True))
    assert roles.is_sign_up(op("POST /admin/register", body="email password"))


@pytest.mark.parametrize("name", ["password", "Passwd", "user_password", "newPassword1", "pwd", "userPass", "pin"])
def test_names_of_passwords_are_recognised(name: str) -> None:
    assert roles.is_password_name(name)


@pytest.mark.parametrize("name", ["passenger", "compass", "email", "shipping", "code"])
def test_other_names_are_no_passwords(name: str) -> None:
    assert not roles.is_password_name(name)
