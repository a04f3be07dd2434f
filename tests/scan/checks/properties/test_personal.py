"""PRO04 against small APIs: other people's personal or payment data in answers."""

from collections.abc import Callable

import pytest

from apiward.core.account import Account
from apiward.core.verdict import Confidence
from apiward.scan.checks.properties.personal import CHECK
from apiward.scan.level import Level
from tests.scan.checks.judged import broken_at, looked_at
from tests.scan.checks.properties.shapes import showing
from tests.scan.harness import scan_app
from tests.scan.small_api import Call, Case, Json, Pair, RefusalError, SmallApi


def emails(api: SmallApi, _: Call) -> Json:
    return [{"id": user["id"], "email": user["email"]} for user in api.users.values()]


def nested_emails(api: SmallApi, _: Call) -> Json:
    return {"data": {"authors": [{"person": {"email": user["email"]}} for user in api.users.values()]}}


def strangers(_: SmallApi, __: Call) -> Json:
    return [{"name": "Ann", "phone": "+49 30 1234567"}, {"name": "Ben", "phone": "+49 40 7654321"}]


def cards(_: SmallApi, __: Call) -> Json:
    return [{"order": 1, "card": "4111 1111 1111 1111"}, {"order": 2, "card": "5500 0000 0000 0004"}]


def ibans(_: SmallApi, __: Call) -> Json:
    return {"payouts": [{"iban": "DE89370400440532013000"}, {"iban": "GB29NWBK60161331926819"}]}


def own(api: SmallApi, call: Call) -> Json:
    return {key: value for key, value in api.users[call.me].items() if key != "password"}


def business(_: SmallApi, __: Call) -> Json:
    return {"name": "Tea shop", "email": "hello@tea.shop", "phone": "+49 30 1234567", "vat": "DE123456789"}


def two_addresses(_: SmallApi, __: Call) -> Json:
    return {"sales": {"email": "sales@tea.shop"}, "help": {"email": "help@tea.shop"}}


def branches(_: SmallApi, __: Call) -> Json:
    return [{"city": "Bonn", "phone": "+49 228 123456"}, {"city": "Kiel", "phone": "+49 431 654321"}]


def reviews(_: SmallApi, __: Call) -> Json:
    return [{"author": "Ann B.", "text": "good tea"}, {"author": "Ben C.", "text": "warm welcome"}]


def sellers(_: SmallApi, __: Call) -> Json:
    return [{"title": "A pot", "contact_email": "ann@pots.test"}, {"title": "A cup", "contact_email": "ben@cups.test"}]


def masked_emails(_: SmallApi, __: Call) -> Json:
    return [{"id": 1, "email": "a***@home.test"}, {"id": 2, "email": "b***@home.test"}]


def masked_cards(_: SmallApi, __: Call) -> Json:
    return [{"order": 1, "card": "**** **** **** 1111"}, {"order": 2, "last4": "0004"}]


def own_addresses(_: SmallApi, call: Call) -> Json:
    own_digits = sum(call.me.encode()) % 1000
    return [
        {"city": "Bonn", "phone": f"+49 228 11{own_digits:03d}1"},
        {"city": "Ulm", "phone": f"+49 731 22{own_digits:03d}"},
    ]


def member(*, shows_card: bool) -> Callable[[], Pair]:
    """Return a maker of an API with profiles for all to read, and members who have left a card."""

    def make() -> Pair:
        api = SmallApi(about_users={"card_number": None})

        def join(call: Call) -> Json:
            api.users[call.me]["card_number"] = call.data["card_number"]
            return {"status": "ok"}

        def profile(call: Call) -> Json:
            if call.me and call.path["username"] not in api.users:
                raise RefusalError(404, "nobody of that name")
            user = api.users[call.path["username"]]
            is_shown = shows_card or call.me == user["username"]
            return {"username": user["username"], "card_number": user["card_number"] if is_shown else None}

        api.route("POST", "/membership", join, body={"card_number": "string"})
        api.route("GET", "/profiles/{username}", profile)
        return api.pair()

    return make


TRIGGERS: tuple[Case, ...] = (
    ("the card of whoever is named", member(shows_card=True)),
    ("addresses to everybody", showing("/users", emails, secured=False)),
    ("addresses to accounts", showing("/users", emails)),
    ("addresses of authors, nested", showing("/articles", nested_emails, secured=False)),
    ("telephone numbers of strangers", showing("/people", strangers)),
    ("cards", showing("/orders", cards)),
    ("account numbers", showing("/payouts", ibans)),
)
SILENT: tuple[Case, ...] = (
    ("the card to its owner alone", member(shows_card=False)),
    ("one's own profile", showing("/profile", own)),
    ("the business itself", showing("/imprint", business, secured=False)),
    ("the business under any path", showing("/info/1", business, secured=False)),
    ("two addresses of the business", showing("/help", two_addresses, secured=False)),
    ("branches", showing("/stores", branches, secured=False)),
    ("reviews with names", showing("/reviews", reviews, secured=False)),
    ("sellers who want to be written to", showing("/offers", sellers, secured=False)),
    ("masked addresses", showing("/users", masked_emails)),
    ("masked cards", showing("/orders", masked_cards)),
    ("several addresses of one's own", showing("/addresses", own_addresses)),
)


@pytest.mark.parametrize("case", TRIGGERS, ids=lambda case: case[0])
def test_finds_data_of_other_people(case: Case) -> None:
    assert broken_at(case[1], CHECK)


@pytest.mark.parametrize("case", SILENT, ids=lambda case: case[0])
def test_is_silent_on_ones_own_and_business_data(case: Case) -> None:
    assert not broken_at(case[1], CHECK)
    assert looked_at(case[1], CHECK)


@pytest.mark.parametrize("level", [Level.READ, Level.FULL])
def test_data_of_the_scans_other_account_is_proof(level: Level) -> None:
    accounts = [Account(name="piet", username="piet", password="piets-own-12")]
    app, description = showing("/users", emails)()
    found = scan_app(app, description, [CHECK], level=level, accounts=accounts).report.findings
    if level is Level.FULL:
        assert {finding.confidence for finding in found} == {Confidence.PROVED}
    else:
        assert not found  # one account alone cannot tell its own data from that of others


def test_two_given_accounts_of_an_api_without_sign_up_may_be_colleagues() -> None:
    known = (("piet", "piets-own-12"), ("maria", "marias-own-3"))
    pair = [Account(name=name, username=name, password=password) for name, password in known]

    def sure(make: Callable[[], Pair]) -> set[Confidence]:
        app, description = make()
        del description["paths"]["/register"]
        return {one.confidence for one in scan_app(app, description, [CHECK], accounts=pair).report.findings}

    assert sure(showing("/users", emails)) == {Confidence.LIKELY}
    assert sure(showing("/users", emails, secured=False)) == {Confidence.PROVED}
