"""The APIs that `learned_description` measures: where each tells its true description, and how to log in there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from apiward.core.api import Operation
from apiward.demo.people import OWNER
from benchmarks.learning_traffic import LogIn, Person, Traffic


@dataclass(frozen=True)
class App:
    """One API. `left_alone` are operations that are not called, by key or by the start of the path, with the reason.

    `is_for_development` says that it was looked at while learning was written, so that its figures prove less.
    """

    description: str
    log_in: LogIn
    left_alone: Mapping[str, str] = field(default_factory=dict)
    is_for_development: bool = False

    def leaves(self, operation: Operation) -> bool:
        """Whether an operation is not called."""
        return operation.key in self.left_alone or any(
            start.startswith("/") and operation.path.startswith(start) for start in self.left_alone
        )


def _post(traffic: Traffic, person: Person, path: str, body: Any, *, is_form: bool = False) -> Any:  # noqa: ANN401 - JSON
    raw = urlencode(body).encode() if is_form else json.dumps(body).encode()
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    case = traffic.send(person, "POST", path, raw, kind, shows=False)
    try:
        return json.loads(case.answer.body) if case.answer and case.answer.status < 300 else None
    except ValueError:
        return None


def _bearer(token: object, word: str = "Bearer") -> tuple[str, str] | None:
    return ("Authorization", f"{word} {token}") if token else None


def _known(traffic: Traffic, person: Person, made: Callable[[], object]) -> None:
    """Sign the person up, once."""
    if person.header is None or person not in traffic.people:
        made()


def _vampi(traffic: Traffic, person: Person) -> tuple[str, str] | None:
    if person.number == 0 and person not in traffic.people:  # the account that the app comes with, for its staff
        person.username, person.email, person.password = "admin", "admin@mail.com", "pass1"
    fields = {"username": person.username, "password": person.password, "email": person.email}
    _known(traffic, person, lambda: _post(traffic, person, "/users/v1/register", fields))
    answer = _post(traffic, person, "/users/v1/login", {"username": person.username, "password": person.password})
    return _bearer((answer or {}).get("auth_token"))


def _full_stack(traffic: Traffic, person: Person) -> tuple[str, str] | None:
    if person.number == 0 and person not in traffic.people:  # the account that the app comes with, for its staff
        person.email, person.password = "admin@example.com", "changethis123"
    else:
        fields = {"email": person.email, "password": person.password, "full_name": person.username}
        _known(traffic, person, lambda: _post(traffic, person, "/api/v1/users/signup", fields))
    form = {"username": person.email, "password": person.password}
    answer = _post(traffic, person, "/api/v1/login/access-token", form, is_form=True)
    return _bearer((answer or {}).get("access_token"))


def _realworld(word: str) -> LogIn:
    def log_in(traffic: Traffic, person: Person) -> tuple[str, str] | None:
        fields = {"username": person.username, "email": person.email, "password": person.password}
        _known(traffic, person, lambda: _post(traffic, person, "/api/users", {"user": fields}))
        shown = {"user": {"email": person.email, "password": person.password}}
        answer = _post(traffic, person, "/api/users/login", shown)
        return _bearer(((answer or {}).get("user") or {}).get("token"), word)

    return log_in


def _demo(traffic: Traffic, person: Person) -> tuple[str, str] | None:
    if person.number == 0 and person not in traffic.people:  # the owner's account, that the demo comes with
        person.email, person.password = OWNER.email, OWNER.password
    fields = {"email": person.email, "name": person.username, "password": person.password}
    _known(traffic, person, lambda: _post(traffic, person, "/api/v2/register", {"client": fields}))
    form = {"username": person.email, "password": person.password, "grant_type": "password"}
    answer = _post(traffic, person, "/api/v2/token", form, is_form=True)
    return _bearer((answer or {}).get("access_token"))


def _lnbits(traffic: Traffic, person: Person) -> tuple[str, str] | None:
    fields = {"username": person.username, "password": person.password, "password_repeat": person.password}
    answer = None
    if person.header is None or person not in traffic.people:
        answer = _post(traffic, person, "/api/v1/auth/register", fields)
    shown = {"username": person.username, "password": person.password}
    answer = answer or _post(traffic, person, "/api/v1/auth", shown)
    person.keys, person.header = {}, _bearer((answer or {}).get("access_token"))
    own = traffic.send(person, "GET", "/api/v1/auth").answer
    wallets = json.loads(own.body).get("wallets") if own is not None and own.status == 200 else None
    if wallets:
        person.keys = {"X-Api-Key": wallets[0]["adminkey"]}
    return person.header


def _bracket(traffic: Traffic, person: Person) -> tuple[str, str] | None:
    fields = {"email": person.email, "name": person.username, "password": person.password, "captcha_token": "none"}
    _known(traffic, person, lambda: _post(traffic, person, "/users/register", fields))
    form = {"username": person.email, "password": person.password, "grant_type": "password"}
    answer = _post(traffic, person, "/token", form, is_form=True)
    return _bearer((answer or {}).get("access_token"))


def _restaurant(traffic: Traffic, person: Person) -> tuple[str, str] | None:
    if (
        person.number < len(_STAFF) and person not in traffic.people
    ):  # the accounts that the app comes with, for its staff
        person.username, person.password = _STAFF[person.number]
    fields = {"username": person.username, "password": person.password, "phone_number": f"555-{person.username}"}
    anonymous = Person(person.number, person.username, person.email)
    _known(traffic, person, lambda: _post(traffic, anonymous, "/register", fields))
    form = {"username": person.username, "password": person.password, "grant_type": "password"}
    answer = _post(traffic, person, "/token", form, is_form=True)
    return _bearer((answer or {}).get("access_token"))


_STAFF: Final = (("Mike", "kaylee123"), ("Saul", "Th4tsMyP4ssw0rd!"))


def _nobody(traffic: Traffic, person: Person) -> tuple[str, str] | None:  # noqa: ARG001 - the same form as the others
    return None


APPS: Final[Mapping[str, App]] = {
    "demo": App("/openapi.json", _demo, is_for_development=True),
    "vampi": App(
        "/openapi.json",
        _vampi,
        {"GET /createdb": "throws all data away"},
        is_for_development=True,
    ),
    "full-stack": App("/api/v1/openapi.json", _full_stack, is_for_development=True),
    "realworld-fastapi": App("/openapi.json", _realworld("Token"), is_for_development=True),
    "realworld-ninja": App(
        "/openapi.json",
        _realworld("Token"),
        {"POST /auth/logout/all/": "ends all sessions, so that each next call would log in again"},
    ),
    "apiflask-pets": App("/openapi.json", _nobody, is_for_development=True),
    "lnbits": App(
        "/openapi.json",
        _lnbits,
        dict.fromkeys(("/api/v1/extension", "/api/v1/fiat", "/blockexplorer", "/api/v1/lnurl"), "asks other services")
        | dict.fromkeys(("/api/v1/auth/{provider}", "/api/v1/webpush", "/api/v1/rate"), "asks other services")
        | dict.fromkeys(("/admin", "/node", "/audit", "/users"), "for the super-user, who could end the process"),
    ),
    "bracket": App("/openapi.json", _bracket, {"PUT /users/{user_id}": "changes the address to log in with"}),
    "restaurant": App(
        "/openapi.json",
        _restaurant,
        dict.fromkeys(("PUT /profile", "PATCH /profile"), "changes the name to log in with")
        | {"PUT /users/update_role": "takes one of a list that the description does not tell"},
    ),
}
