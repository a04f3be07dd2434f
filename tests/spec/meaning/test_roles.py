"""For whom operations are, both ways."""

from dataclasses import replace
from typing import Final

import pytest

from apiward.core.api import Api, Body
from apiward.core.schema import Schema
from apiward.spec.meaning import roles
from tests.scan.operations import op

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


def test_the_apis_own_roles_keep_operations_for_staff() -> None:
    lists_roles = op("POST /staff-accounts", body="role")
    role = Schema(types=("string",), enum=("customer", "Barista", "no name"))
    schema = Schema(types=("object",), properties={"role": role})
    api = Api("Shop", "1", (replace(lists_roles, bodies=(Body("application/json", schema),)),))
    special = roles.staff_roles(api)
    assert special == {"barista"}
    assert roles.says_role_only(op("GET /till", says="Barista only."), special) is False
    assert roles.says_role_only(op("GET /till", says="Opens the till (barista only)"), special)
    assert roles.is_for_staff(op("GET /till", says="Only for baristas"), special)
    assert not roles.is_for_staff(op("GET /till", says="Opens the till"), special)


def test_where_most_of_the_api_is_called_admin_the_path_says_nothing() -> None:
    many = tuple(op(f"GET /admin/x{number}") for number in range(20))
    assert not roles.paths_tell(Api("Flags", "1", (*many, op("GET /health"))))
    assert roles.paths_tell(Api("Shop", "1", (*many, *(op(f"GET /y{number}") for number in range(20)))))
    assert roles.paths_tell(Api("Tool", "1", many[:8]))
    assert not roles.is_for_staff(many[0], frozenset(), by_path=False)
    assert roles.is_for_staff(op("GET /admin/x", says="Admins only."), frozenset(), by_path=False)
