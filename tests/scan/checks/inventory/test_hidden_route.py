from collections.abc import Callable
from functools import partial

import pytest

from apiward.core.api import Api
from apiward.core.verdict import Confidence
from apiward.scan.checks.inventory.hidden_route import CHECK
from tests.scan.checks.judged import broken_at, looked_at, sure_of
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, Said, SmallApi

PEOPLE = {"admin": {"name": "admin", "city": "Lund"}, "olivia": {"name": "olivia", "city": "Ystad"}}


def _user(call: Call) -> Json:
    if call.path["name"] not in PEOPLE:
        raise RefusalError(404, "no such user")
    return PEOPLE[call.path["name"]]


def users(*hidden: str, is_private: bool = False, is_described: bool = False, fails_with_200: bool = False) -> Pair:
    """Return an API of users, with routes that the description does not name."""
    api = SmallApi(fails_with_200=fails_with_200)

    def dump(call: Call) -> Json:
        return {"by": call.me if is_private else "all", "users": [*PEOPLE.values()], "settings": {"debug": True}}

    api.route("GET", "/users/v1", lambda _: [*PEOPLE.values()], secured=False)
    api.route("GET", "/users/v1/{name}", _user, secured=False)
    for path in hidden:
        api.route("GET", path, dump, secured=is_private, is_described=is_described)
    return api.pair()


def saying_yes_to_all() -> Pair:
    """Return an API that answers every address below its own with the same page."""
    api = SmallApi()
    api.route("GET", "/pages", lambda _: [{"title": "start"}], secured=False)
    api.route("GET", "/pages/{rest:path}", lambda _: {"title": "start"}, secured=False, is_described=False)
    api.route("GET", "/{rest:path}", lambda _: {"title": "start"}, secured=False, is_described=False)
    return api.pair()


def drawing_any_name(*hidden: str) -> Pair:
    """Return an API that makes something else of every name, and was never asked for one."""
    api = SmallApi(has_accounts=False)

    def draw(call: Call) -> Json:
        return {sign * (3 + place): [place] * ord(sign) for place, sign in enumerate(call.path["data"])}

    api.route("GET", "/codes", lambda call: draw(Call(None, {"data": call.query["data"]}, {}, {})), secured=False)
    api.route("GET", "/codes/{data}", draw, secured=False, is_described=False)
    dump = Said("<svg>dump</svg>", 200, {"content-type": "image/svg+xml"})
    for path in hidden:
        api.route("GET", path, lambda _: dump, secured=False, is_described=False)
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("_debug", partial(users, "/users/v1/_debug")),
    ("export, beside a route that takes any name", partial(users, "/users/v1/export")),
    ("at the root", partial(users, "/config")),
    ("one level up", partial(users, "/users/internal")),
    ("for all who are logged in", partial(users, "/users/v1/_export", is_private=True)),
    ("failures have status 200", partial(users, "/users/v1/_debug", fails_with_200=True)),
    ("of another kind than what every name gets", partial(drawing_any_name, "/codes/_debug")),
    ("described, but for debugging", partial(users, "/users/v1/_debug", is_described=True)),
)
SILENT: tuple[Case, ...] = (
    ("nothing hidden; a user is called admin", users),
    ("nothing hidden; failures have status 200", partial(users, fails_with_200=True)),
    ("described", partial(users, "/users/v1/export", is_described=True)),
    (
        "described for debugging, behind a log-in",
        partial(users, "/users/v1/_debug", is_private=True, is_described=True),
    ),
    ("everything is answered alike", saying_yes_to_all),
    ("every name is answered otherwise", drawing_any_name),
)


@pytest.mark.parametrize(("name", "make"), TRIGGERS, ids=[name for name, _ in TRIGGERS])
def test_fires(name: str, make: Callable[[], Pair]) -> None:
    assert broken_at(make, CHECK)


@pytest.mark.parametrize(("name", "make"), SILENT, ids=[name for name, _ in SILENT])
def test_stays_silent(name: str, make: Callable[[], Pair]) -> None:
    assert looked_at(make, CHECK)
    assert not broken_at(make, CHECK)


def test_names_the_route_found() -> None:
    assert broken_at(partial(users, "/users/v1/_debug"), CHECK) == {"GET /users/v1/_debug"}


@pytest.mark.parametrize(("path", "sure"), [("/users/v1/export", "likely"), ("/users/v1/_debug", "proved")])
def test_what_was_only_recorded_need_not_be_all(path: str, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Api, "tells_all", property(lambda _: False))
    assert sure_of(partial(users, path), CHECK) == {f"GET {path}": Confidence(sure)}


def test_a_route_beside_a_written_description_is_proved() -> None:
    assert sure_of(partial(users, "/users/v1/export"), CHECK) == {"GET /users/v1/export": Confidence.PROVED}
