"""Words, nouns and identifier names, for the path styles of many real APIs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.spec.meaning import naming
from tests.scan.operations import op


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("userId", ("user", "id")),
        ("user_id", ("user", "id")),
        ("user-id", ("user", "id")),
        ("UserID", ("user", "id")),
        ("userIDs", ("user", "i", "ds")),
        ("HTTPServer", ("http", "server")),
        ("X-API-Key", ("x", "api", "key")),
        ("client.email", ("client", "email")),
        ("", ()),
        ("__", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert naming.words(name) == expected


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("orders", "order"),
        ("categories", "category"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("branches", "branch"),
        ("statuses", "status"),
        ("houses", "house"),
        ("invoices", "invoice"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("bus", "bus"),
        ("address", "address"),
        ("series", "series"),
        ("movies", "movie"),
        ("people", "person"),
        ("children", "child"),
        ("dishes", "dish"),
        ("purchases", "purchase"),
        ("gas", "gas"),
        ("ties", "tie"),
    ],
)
def test_singular(noun: str, expected: str) -> None:
    assert naming.singular(noun) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/users", ("user",)),
        ("/api/v1/orders/{id}/items", ("order", "item")),
        ("/users/v1/{username}/email", ("user", "email")),
        ("/books/v1/{book_title}", ("book",)),
        ("/identity/api/v2/vehicle/{vehicleId}/location", ("identity", "vehicle", "location")),
        ("/workshop/api/shop/orders/{order_id}", ("workshop", "shop", "order")),
        ("/community/api/v2/community/posts/{postId}/comment", ("community", "community", "post", "comment")),
        ("/v1/payment_intents/{intent}", ("intent",)),
        ("/v1/customers/{customer}/sources/{id}", ("customer", "source")),
        ("/repos/{owner}/{repo}/issues/{issue_number}", ("repo", "issue")),
        ("/api/2.0/projects", ("project",)),
        ("/v2beta1/things", ("thing",)),
        ("/getUser", ("user",)),
        ("/api/GetOrders", ("order",)),
        ("/order/create", ("order",)),
        ("/orders.list", ("order",)),
        ("/rest/user/whoami", ("user", "whoami")),
        ("/order-items/{id}", ("item",)),
        ("/", ()),
        ("", ()),
        ("/{id}", ()),
        ("/api/v1", ()),
    ],
)
def test_nouns(path: str, expected: tuple[str, ...]) -> None:
    assert naming.nouns(path) == expected


@pytest.mark.parametrize(
    ("path", "parameter", "expected"),
    [
        ("/orders/{id}", "id", "order"),
        ("/orders/{id}/items/{item_id}", "id", "order"),
        ("/orders/{id}/items/{item_id}", "item_id", "item"),
        ("/users/v1/{username}/email", "username", "user"),
        ("/{id}/orders", "id", "order"),
        ("/{id}", "id", ""),
        ("/order/get/{id}", "id", "order"),
    ],
)
def test_noun_before(path: str, parameter: str, expected: str) -> None:
    assert naming.noun_before(path, parameter) == expected


@pytest.mark.parametrize("name", ["id", "user_id", "userId", "uuid", "orderNumber", "slug", "order_ids", "booking_ref"])
def test_names_of_identifiers(name: str) -> None:
    assert naming.is_id_name(name)


@pytest.mark.parametrize("name", ["", "paid", "valid", "idle", "title", "email", "idea"])
def test_names_of_no_identifier(name: str) -> None:
    assert not naming.is_id_name(name)


@pytest.mark.parametrize(
    ("name", "noun", "expected"),
    [
        ("id", "order", ("orderid",)),
        ("uuid", "order", ("orderuuid", "orderid")),
        ("slug", "post", ("postslug", "slug")),
        ("order_id", "item", ("orderid",)),
        ("parent_order_id", "item", ("parentorderid", "orderid", "parentid")),
        ("order", "item", ("order",)),
        ("user", "user", ("user", "userid")),
        ("id", "", ("id",)),
    ],
)
def test_the_names_under_which_an_identifier_is_looked_for(name: str, noun: str, expected: tuple[str, ...]) -> None:
    assert naming.id_names(name, noun) == expected


@pytest.mark.parametrize(
    ("key", "noun", "wanted"),
    [
        ("id", "order", "orderid"),
        ("uuid", "order", "orderid"),
        ("_id", "order", "orderid"),
        ("orderId", "order", "orderid"),
        ("order", "order", "orderid"),
        ("slug", "post", "postslug"),
        ("email", "user", "email"),
    ],
)
def test_a_seen_value_is_kept_under_the_name_by_which_others_want_it(key: str, noun: str, wanted: str) -> None:
    assert wanted in list(naming.known_as(key, noun))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders/{id}", "/orders"),
        ("/orders", "/orders"),
        ("/orders/", "/orders"),
        ("/orders/create", "/orders"),
        ("/orders/{id}/update", "/orders"),
        ("/orders/{id}/items/{item}", "/orders/{id}/items"),
        ("/api/v1/books", "/api/v1/books"),
        ("/create", "/create"),
        ("/{id}", "/"),
        ("", "/"),
    ],
)
def test_collection_path(path: str, expected: str) -> None:
    assert naming.collection_path(path) == expected


def test_names_of_an_operation_leave_its_parameters_out() -> None:
    assert naming.names_of(op("GET /users/{user_id}/bigOrders api.views.listOrders")) == {
        "users",
        "big",
        "orders",
        "list",
    }


@pytest.mark.parametrize("name", ["role", "is_admin", "isAdmin", "balance", "account_status", "verified", "plan"])
def test_names_that_give_something(name: str) -> None:
    assert naming.is_privileged_name(name)


@pytest.mark.parametrize("name", ["email", "username", "title", "rolex", "planet", "address"])
def test_names_that_give_nothing(name: str) -> None:
    assert not naming.is_privileged_name(name)


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_can_be_named_and_gives_the_same_twice(text: str, other: str) -> None:
    assert naming.words(text) == naming._words.__wrapped__(text)
    assert all(word and word == word.lower() for word in naming.words(text))
    assert naming.plain(text) == "".join(naming.words(text))
    assert naming.nouns(text) == naming.nouns.__wrapped__(text)
    assert naming.collection_path(text).startswith("/")
    assert naming.id_names(text, other)
    assert list(naming.known_as(text, other))
    naming.noun_before(text, other)
    naming.singular(text)
    naming.is_id_name(text)


def test_accents_and_long_names() -> None:
    assert naming.words("contraseñaNueva") == ("contrasena", "nueva")
    assert naming.words("Straße") == ("strasse",)
    assert naming.words("密码") == ()
    assert naming.words("a_" * 10_000) == ("a",) * 100


@pytest.mark.parametrize(
    "name",
    ["password", "Passwd", "user_password", "newPassword1", "pwd", "userPass", "pin", "contraseña", "passe"],
)
def test_names_of_passwords_are_recognised(name: str) -> None:
    assert naming.is_password_name(name)
    assert naming.is_own_password_name(name)


@pytest.mark.parametrize("name", ["passenger", "compass", "email", "shipping", "code"])
def test_other_names_are_no_passwords(name: str) -> None:
    assert not naming.is_password_name(name)
    assert not naming.is_own_password_name(name)


def test_the_secret_of_a_program_is_no_persons_password() -> None:
    assert naming.is_password_name("client_secret")
    assert not naming.is_own_password_name("client_secret")


def test_names_of_accounts() -> None:
    assert all(map(naming.is_account_name, ("email", "username", "login", "phone_number", "name", "id")))
    assert not any(map(naming.is_account_name, ("client_id", "scope", "grant_type", "title")))


def test_what_says_who_else_may_see_a_thing_is_told_by_its_name() -> None:
    assert all(map(naming.opens_up, ("ACL", "visibility", "isPublic", "public", "noteCollaborators", "shared_with")))
    assert not any(map(naming.opens_up, ("publicKey", "title", "share", "publication")))
