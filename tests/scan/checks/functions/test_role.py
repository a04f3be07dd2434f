"""FUN02 against small APIs: staff operations that work for a normal account."""

from collections.abc import Callable

import pytest

from apiward.core.verdict import Confidence, Outcome
from apiward.scan.checks.functions.role import CHECK
from tests.scan.checks.functions.cases import BOSS_ACCOUNT, WORDS, staff, with_boss
from tests.scan.checks.functions.staff_api import staff_api
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.harness import scan_app
from tests.scan.small_api import OLIVIA, Call, Case, Json, Pair, SmallApi


def own_bookings(path: str) -> Callable[[], Pair]:
    """Return a maker of an API where a word of the path means one's own things."""

    def make() -> Pair:
        api = SmallApi()
        api.route("GET", path, lambda call: [{"id": 4, "client": call.me, "starts": "noon"}])
        return api.pair()

    return make


def dashboard() -> Pair:
    """Return an API whose staff page tells normal accounts something else than staff."""
    api = staff_api()

    def show(call: Call) -> Json:
        if api.users[call.me]["role"] == "admin":
            return {"revenue_cents": 99, "open_orders": 4, "customers": 12}
        return {"welcome": call.me}

    api.route("GET", "/admin/dashboard", show)
    return api.pair()


def all_admin() -> Pair:
    """Return an API that is called the admin API, and is what every account of the product has."""
    api = SmallApi()
    for noun in "flags tags types teams tokens events hooks pages plans rules".split():
        api.route("GET", f"/admin/{noun}", lambda call: [{"id": 7, "name": "blue", "for": call.me}])
    return api.pair()


TRIGGERS: tuple[Case, ...] = (
    ("a list by its path", staff("list")),
    ("figures by their path", staff("stats")),
    ("a list by its words", staff("list", path="/shop", summary=WORDS)),
    ("other people's data below a softer word", staff("list", path="/manage")),
    ("something done to an account", staff("promote")),
    ("an account deleted", staff("remove")),
    ("a coupon made", staff("coupon")),
    ("a list, failures with 200", staff("list", fails_with_200=True)),
)
SILENT: tuple[Case, ...] = (
    ("refused", staff()),
    ("refused with 404", staff(refusal=404)),
    ("refused with 401", staff(refusal=401)),
    ("failures with 200", staff(fails_with_200=True)),
    ("refused with 200 and just a message", staff(is_polite=True)),
    ("refused, by words", staff(path="/shop", summary=WORDS)),
    ("no staff operations", staff("list", path="/shop")),
    ("one's own things to manage", own_bookings("/manage/bookings")),
    ("the whole API is called admin", all_admin),
    ("open to everybody is said elsewhere", staff("list", "stats", anonymous=True)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_staff_operations_open_to_all_accounts(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_where_accounts_are_refused(case: Case) -> None:
    assert not broken_at(case[1], CHECK)


def test_comes_to_a_judgement_of_plain_refusals() -> None:
    assert looked_at(staff(), CHECK) >= {"GET /admin/users", "GET /admin/stats", "DELETE /admin/users/{user_id}"}


def test_only_staff_words_or_a_staff_account_prove_by_reading() -> None:
    def confidences(make: Callable[[], Pair], *, boss: bool) -> set[Confidence]:
        app, description = make()
        accounts = [BOSS_ACCOUNT] if boss else []
        found = scan_app(app, description, [CHECK], accounts=accounts).report.findings
        return {finding.confidence for finding in found}

    assert confidences(staff("list"), boss=False) == {Confidence.LIKELY}
    assert confidences(staff("list"), boss=True) == {Confidence.PROVED}
    assert confidences(staff("list", path="/shop", summary=WORDS), boss=False) == {Confidence.PROVED}


@pytest.mark.parametrize("make", [staff(), staff(is_polite=True), dashboard], ids=["refused", "polite", "dashboard"])
def test_is_silent_on_sound_apis_with_a_staff_account(make: Callable[[], Pair]) -> None:
    assert not with_boss(make, CHECK).broken()


def test_the_staff_account_and_other_people_stay_as_they_are() -> None:
    api = staff_api(opened=["list", "stats", "promote", "remove", "coupon", "settings"])
    scanned = scan_app(*api.pair(), [CHECK], accounts=[BOSS_ACCOUNT])
    assert scanned.outcome("FUN02", "PUT /admin/settings") is Outcome.NOT_RUN
    assert api.store["settings"]["shop"]["is_closed"] == "no"
    assert api.users[OLIVIA]["role"] == "customer"
    assert api.users["the-boss"]["role"] == "admin"
