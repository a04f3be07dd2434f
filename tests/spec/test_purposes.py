import pytest

from apiward.spec.meaning import purposes as p
from apiward.spec.meaning.purposes import object_place, purposes

CASES = {
    "POST /api/login": p.LOG_IN | p.WRITE,
    "POST /api/logout": p.LOG_OUT | p.WRITE,
    "POST /users/v1/register": p.SIGN_UP | p.WRITE,
    "POST /api/password/reset": p.RESET | p.WRITE,
    "PATCH /api/me": p.ACCOUNT | p.WRITE,
    "PUT /api/users/{id}/email": p.ACCOUNT | p.WRITE | p.ONE,
    "POST /api/payments": p.PAYMENT | p.WRITE,
    "POST /api/orders/{id}/pay": p.PAYMENT | p.ORDER | p.WRITE | p.ONE,
    "POST /api/cart/coupon": p.COUPON | p.ORDER | p.WRITE,
    "POST /identity/api/auth/v2/check-otp": p.CODE | p.WRITE,
    "POST /api/me/mfa": p.CODE | p.WRITE,
    "POST /api/me/2fa/me": p.CODE | p.ACCOUNT | p.WRITE,
    "GET /api/admin/export": p.EXPORT | p.STAFF | p.READ,
    "GET /api/notes": p.READ,
    "GET /api/notes/{note_id}": p.READ | p.ONE,
    "GET /api/notes/17": p.READ | p.ONE,
    "OPTIONS /api/notes": 0,
    "GET /static/site.css": p.READ | p.FILE,
    "PATCH /api/admin/users/{user_id}": p.STAFF | p.WRITE | p.ONE,
    "DELETE /api/notes/{note_id}": p.WRITE | p.ONE,
}


@pytest.mark.parametrize("operation", CASES)
def test_what_an_operation_is_for(operation: str) -> None:
    method, _, path = operation.partition(" ")
    assert purposes(method, path) == CASES[operation]


@pytest.mark.parametrize(
    ("path", "at"),
    [("/api/notes/{id}", 3), ("/api/notes/{id}/shares", 3), ("/a/{b}/c/{d}", 4), ("/a/7", 2), ("/a", -1)],
)
def test_where_the_id_stands(path: str, at: int) -> None:
    assert object_place(path) == at
