"""A page that others reach over TLS, and people who log in at it."""

import base64
import re
from typing import Any, Final

from httpx2 import Response

from apiward.app.page.listening import PagePlace
from apiward.app.people.desk import PeopleDesk
from apiward.core.one_time_codes import STEP_S, code_at
from apiward.core.person import Role
from tests.web.made import Browser, Shop, people_of

NAME: Final = "page.shop.example"
ORIGIN: Final = f"https://{NAME}"
PLACE: Final = PagePlace("0.0.0.0", 443, (NAME,))
PASSWORD: Final = "grün Kamel orbit teapot"
OWN: Final = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


class Elsewhere(Browser):
    """Somebody at another computer."""

    def __init__(self, one: Shop, *, client: str = "203.0.113.5", place: PagePlace = PLACE) -> None:
        super().__init__(one, is_in=False, place=place, origin=ORIGIN, client=client)

    def fill(self, path: str, **fields: str) -> Response:
        """Send a form that has no token yet."""
        answer: Response = self.http.post(path, data=fields, headers=OWN)
        return answer

    def log_in(self, name: str = "anna", password: str = PASSWORD) -> Response:
        """Log in."""
        return self.fill("/log-in", name=name, password=password)

    def own(self) -> Any:  # noqa: ANN401 - a JSON value
        """Return what somebody sees of their own way in."""
        return self.json("/you.json")

    def token(self) -> str:
        """Return the token that forms carry."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page("/you"))
        assert found is not None
        return found[1]


def invited(one: Shop, name: str = "anna", role: Role = Role.DEVELOPER) -> str:
    """Add somebody, and return the path of the link."""
    _, secret = PeopleDesk(people_of(one)).add(name, role)
    return f"/welcome/{secret}"


def with_person(one: Shop, name: str = "anna", role: Role = Role.DEVELOPER) -> None:
    """Add somebody who has chosen a password."""
    path = invited(one, name, role)
    assert Elsewhere(one).fill(path, password=PASSWORD, again=PASSWORD).status_code == 200


def offered(browser: Elsewhere) -> bytes:
    """Return the secret of the second step that is offered."""
    return secret_in(browser.page("/you/second-step"))


def secret_in(page: str) -> bytes:
    """Return the secret that a page offers, as an app reads it."""
    found = re.search(r"otpauth://totp/apiward:[^?]+\?secret=([A-Z2-7]+)&", page)
    assert found is not None
    return base64.b32decode(found[1])


def code(one: Shop, secret: bytes) -> str:
    """Return what the app shows now."""
    return code_at(secret, int(one.now[0]) // STEP_S)


def with_step(one: Shop, browser: Elsewhere) -> tuple[bytes, list[str]]:
    """Set the second step up; return its secret and the recovery codes."""
    secret = offered(browser)
    answer = browser.http.post(
        "/you/second-step",
        data={"token": browser.token(), "password": PASSWORD, "code": code(one, secret)},
        headers=OWN,
    )
    assert answer.status_code == 200, answer.text
    codes = codes_in(answer.text)
    assert len(codes) == 10
    return secret, codes


def codes_in(page: str) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r"[a-z2-7]{4}(?:-[a-z2-7]{4}){3}", page)
