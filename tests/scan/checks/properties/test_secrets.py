"""PRO03 against small APIs: passwords, hashes, keys and tokens in answers."""

from collections.abc import Callable

import pytest

from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.properties.secrets import CHECK
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.properties.shapes import showing
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, Said, SmallApi
from tests.scan.small_shelf import Shelf

LIKE_A_MARK = "pbkdf2_sha256$120$377e956cf3baba378129194bfcd15009$95fbf34076d29f8c13fdb221ae232f56d413dd460e37cf3f0230"
HASH = "$2b$12$KIXQ0b9v2f8v0y8m8m1rO.S9vWl3cQx2eYk9h7w6u5t4r3e2w1q0a"


def users_with(*names: str) -> Callable[[SmallApi, Call], Json]:
    return lambda api, _: [{name: user[name] for name in ("id", "username", *names)} for user in api.users.values()]


def hashes(api: SmallApi, _: Call) -> Json:
    return {"data": {"users": [{"id": user["id"], "password_hash": HASH} for user in api.users.values()]}}


def keys_of_all(api: SmallApi, _: Call) -> Json:
    return [{"name": name, "api_key": f"k{number}9f8e7d6c5b4a3f2e1d0c"} for number, name in enumerate(api.users)]


def own_key(api: SmallApi, call: Call) -> Json:
    return {"username": call.me, "api_key": f"{len(call.me)}9f8e7d6c5b4a3f2e1d0c", "id": api.users[call.me]["id"]}


def own_password(api: SmallApi, call: Call) -> Json:
    return api.users[call.me]


def own_hash(api: SmallApi, call: Call) -> Json:
    return {"username": call.me, "id": api.users[call.me]["id"], "password": HASH}


def own_hash_like_a_mark(api: SmallApi, call: Call) -> Json:
    return {"username": call.me, "id": api.users[call.me]["id"], "password_hash": LIKE_A_MARK}


def settings(_: SmallApi, __: Call) -> Json:
    return {"debug": True, "secret_key": "dj4ngo-9x8c7v6b5n4m3a2s1d0f", "database": {"password": "pg-9f8e7d6c"}}


def provider_key(_: SmallApi, __: Call) -> Json:
    return {"currency": "EUR", "payment_key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"}


def page(_: SmallApi, __: Call) -> Json:
    rows = [{"id": 1, "title": "one"}, {"id": 2, "title": "two"}]
    return {"items": rows, "next_page_token": "CAUQAA9f8e7d6c5b", "csrf_token": "c5rf9f8e7d6c5b4a3f2e1d"}


def map_key(_: SmallApi, __: Call) -> Json:
    return {"maps_key": "AIza" + "SyA9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c", "publishable_key": "pk_live_9f8e7d6c5b4a3f2e"}


def masked(api: SmallApi, _: Call) -> Json:
    return [{"username": name, "password": "********"} for name in api.users]


def rules(_: SmallApi, __: Call) -> Json:
    return {"password_policy": {"min_length": 12}, "password_changed_at": "2026-03-01", "password_required": True}


def own_secrets() -> Pair:
    """Return an API where `secret` is a text that callers write themselves."""
    api = SmallApi()
    Shelf(api, "diaries", fields=("title", "secret"), brief=("id", "title", "secret")).offer()
    return api.pair()


def signing_up_answers(**more: str) -> Callable[[], Pair]:
    def make() -> Pair:
        api = SmallApi(has_accounts=False)

        def register(call: Call) -> Json:
            user = api.new_user(call.data["username"], "", call.data["password"])
            shown = {key: call.data["password"] if text == "own" else text for key, text in more.items()}
            return Said({"id": user["id"], "username": user["username"], **shown}, 201)

        api.route("POST", "/register", register, body={"username": "string", "password": "string"}, secured=False)
        api.route("POST", "/login", api._log_in, body={"username": "string", "password": "string"}, secured=False)
        api.route("GET", "/me", api._show_me)
        return api.pair()

    return make


TRIGGERS: tuple[Case, ...] = (
    ("everybody's password to everybody", showing("/debug", users_with("password"), secured=False)),
    ("everybody's password to accounts", showing("/users", users_with("password"))),
    ("hashes inside data", showing("/users", hashes)),
    ("one's own password", showing("/profile", own_password)),
    ("one's own hash", showing("/profile", own_hash)),
    ("a hash with digits like a text of ours", showing("/profile", own_hash_like_a_mark)),
    ("everybody's keys", showing("/users", keys_of_all)),
    ("settings of the server", showing("/config", settings, secured=False)),
    ("a provider's key", showing("/config", provider_key, secured=False)),
    ("the answer to a sign-up", signing_up_answers(password="own")),
    ("a hash in the answer to a sign-up", signing_up_answers(password_hash=HASH)),
)
SILENT: tuple[Case, ...] = (
    ("names only", showing("/users", users_with())),
    ("one's own key", showing("/profile", own_key)),
    ("tokens of pages and forms", showing("/items", page, secured=False)),
    ("keys that are meant for pages", showing("/config", map_key, secured=False)),
    ("masked", showing("/users", masked)),
    ("about passwords", showing("/rules", rules, secured=False)),
    ("a text of one's own that is called a secret", own_secrets),
    ("a token in the answer to a sign-up", signing_up_answers(token="9f8e7d6c5b4a3f2e1d0c")),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_secrets(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_no_secret_is_given_away(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


@pytest.mark.parametrize("weak", [True, False])
def test_what_only_the_first_account_may_see_is_looked_at_too(weak: bool) -> None:  # noqa: FBT001
    api = SmallApi()
    for name in ("ann", "bob"):
        api.new_user(name, f"{name}@shop.test", f"pw-{name}-77")

    def show(call: Call) -> Json:
        if call.me != "ann":
            raise RefusalError(403, "not yours")
        return {"name": "vault", "password": "Blue-Kettle-481"} if weak else {"name": "vault"}

    api.route("GET", "/vault", show)
    app, described = api.pair()
    given = tuple(Account(name.title(), name, f"pw-{name}-77") for name in ("ann", "bob"))
    scanned = scan_app(app, described, [CHECK], accounts=given)
    assert scanned.outcome("PRO03", "GET /vault") is (Outcome.BROKEN if weak else Outcome.HOLDS)
