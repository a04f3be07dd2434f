"""OBJ01 and OBJ05 where accounts are given: people with names and addresses that are no invention of ours."""

import pytest

from apiward.core.account import Account
from apiward.core.verdict import Outcome
from apiward.scan.checks.objects import anonymous, read
from apiward.scan.level import Level
from tests.scan.harness import Scanned, scan_app
from tests.scan.small_api import Call, Json, RefusalError, SmallApi

GIVEN = tuple(Account(name.title(), name, f"pw-{name}-77") for name in ("ann", "bob"))
READ = ("OBJ01", "GET /users/{user_id}")
OPEN = ("OBJ05", "GET /users/{user_id}")


def _scanned(
    holder: str,
    shown: tuple[str, ...],
    *,
    listed: tuple[str, ...] = (),
    shared: bool = False,
    level: Level = Level.FULL,
) -> Scanned:
    """Scan an API that shows `shown` of an account to its owner, to all "users" or to "everybody", if asked by id."""
    api = SmallApi(about_users={"bio": "likes tea", "balance": 0})
    for number, account in enumerate(GIVEN):
        phone = "+49 30 123456" if shared else f"+49 30 12345{number}"
        address = f"{account.username}@shop.test"
        api.new_user(account.username, address, account.password, phone=phone, balance=73_512 + number)
    by_number = {str(user["id"]): user for user in api.users.values()}

    def cut(user: Json, names: tuple[str, ...]) -> Json:
        return {name: user[name] for name in names}

    def show(call: Call) -> Json:
        user = by_number.get(call.path["user_id"])
        if user is None:
            raise RefusalError(404, "no such user")
        if holder != "everybody" and ((holder == "nobody" and user is not api.users[call.me]) or not call.me):
            raise RefusalError(403, "not yours")
        return cut(user, shown)

    api.route("GET", "/users/{user_id}", show)
    if listed:
        api.route("GET", "/users", lambda call: [cut(user, listed) for user in by_number.values() if call.me])
    app, described = api.pair()
    return scan_app(app, described, [read.CHECK, anonymous.CHECK], accounts=GIVEN, level=level)


SHOWN = (("id", "username", "email"), ("id", "phone"), ("id", "balance"), ("username", "balance", "bio"))


@pytest.mark.parametrize("level", [Level.READ, Level.FULL])
@pytest.mark.parametrize("shown", SHOWN)
def test_what_is_kept_of_a_given_account_is_found_where_another_reads_it(shown: tuple[str, ...], level: Level) -> None:
    assert _scanned("users", shown, level=level).broken() == {READ}


@pytest.mark.parametrize("shown", SHOWN)
def test_it_is_found_where_nobody_needs_to_log_in(shown: tuple[str, ...]) -> None:
    scanned = _scanned("everybody", shown)
    assert OPEN in scanned.broken()
    assert scanned.outcome(*READ) is Outcome.HOLDS


@pytest.mark.parametrize("shown", SHOWN)
def test_it_is_silent_where_strangers_are_kept_out(shown: tuple[str, ...]) -> None:
    scanned = _scanned("nobody", shown)
    assert not scanned.broken()
    assert scanned.outcome(*READ) is Outcome.HOLDS


def test_a_public_profile_is_nobodys_secret() -> None:
    assert not _scanned("users", ("id", "username", "bio")).broken()


def test_what_all_are_shown_in_a_list_is_nobodys_secret() -> None:
    listed = ("id", "username", "email")
    assert not _scanned("users", ("id", "username", "email"), listed=listed).broken()
    assert _scanned("users", ("id", "username", "email", "phone"), listed=listed).broken() == {READ}


def test_what_two_accounts_share_tells_neither() -> None:
    assert not _scanned("users", ("id", "phone"), shared=True).broken()
