"""Which operations are left alone. The table is made of names from real public APIs and their like."""

from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apiward.core.api import Answer, Body, Parameter, Place
from apiward.core.schema import Schema
from apiward.spec.meaning import dangers
from tests.scan.operations import op

DANGEROUS: Final = """
GET /createdb
GET /initdb
GET /db/init
GET /reset
GET /reset-db
GET /resetdb
GET /resetDB
POST /resetDatabase
GET /api/v2/demo/reset
POST /api/reset-all
POST /v1/test/reset
GET /admin/purge
POST /cache/flush
DELETE /cache
GET /flushall
GET /shutdown
POST /actuator/shutdown
POST /actuator/restart
POST /system/reboot
POST /server/stop
POST /api/poweroff
POST /notifications/send-all
POST /notifications/sendToAll
POST /notifications/broadcast
POST /messages/broadcast
POST /emails/mass-mail
POST /newsletter/send
POST /newsletters/{id}/send
POST /campaigns/{id}/launch
POST /users/notify-all
POST /email-customers
POST /sms/bulk
POST /bulk-sms
DELETE /users
DELETE /users/
DELETE /api/v1/orders
DELETE /{version}/users
DELETE /{tenant}/invoices
DELETE /v{api_version}/{tenant_id}/invoices
DELETE /me
DELETE /account
DELETE /carts
GET /populate
POST /db/populate
GET /seed
POST /seed-db
POST /seedDatabase
GET /install
GET /api/setup
POST /init
GET /migrate
POST /migrations/migrate
POST /database/migrate
POST /restore
POST /backup/restore
POST /backups/{id}/restore
POST /maintenance/enable
POST /logs/clear
POST /clear-logs
POST /clearCache
GET /users/delete-all
POST /users/deleteAll
POST /orders/bulk-delete
POST /invoices/cancel-all
POST /v1/factory-reset
POST /tenants/{id}/reset
POST /tenants/{id}/reset-db
POST /wipe
POST /data/import
POST /demo-data/load
POST /truncate
POST /self-destruct
GET /kill
GET /users/{id}/delete
GET /orders/cancel
GET /items/remove
POST /passwords/reset-all
POST /users/reset-passwords-all
GET /x resetDatabase
POST /x app.views.reset_db
POST /x populate_database
POST /x ShutdownServer
""".strip().splitlines()

HARMLESS: Final = """
GET /orders/{id}
POST /orders
PUT /orders/{id}
DELETE /orders/{id} orders_destroy
DELETE /api/orders/{id}/ api_v1_orders_destroy
DELETE /users/{id} deleteUser
DELETE /users/{user_id} delete_user_users__user_id__delete
DELETE /tables/{id} deleteTable
DELETE /collections/{id} collections.delete
POST /orders/{id}/restore
POST /password/reset
POST /reset-password
POST /resetPassword
POST /users/password-reset
POST /auth/password/reset/confirm
POST /identity/api/v2/user/reset-password
POST /identity/api/auth/forget-password
POST /password-resets
POST /users/reset_password_request
GET /password/reset/{token}
POST /auth/users/reset_password/
POST /pin/reset
GET /assets
GET /assets/{id}
GET /presets
GET /presets/{id} getPreset
GET /dropdowns
GET /seedlings
GET /seeds/{id} getSeed
GET /airdrops
GET /drop-off-points
GET /skills
GET /factories
GET /installments
GET /installations
GET /broadcasts
GET /broadcasts/{id}
GET /restaurants
GET /stores
GET /stores/{id}
POST /store/order placeOrder
GET /store/inventory getInventory
GET /systems/{id}
GET /data
GET /database/tables
GET /users
POST /users createUser
POST /users/invite inviteUser
GET /customers/email/{email}
GET /notifications/all
GET /messages/all
POST /messages/{id}/send
POST /notifications/mark-all-read
POST /cart/clear
DELETE /cart
DELETE /cart/items/{id}
DELETE /session
DELETE /auth/token
POST /logout
POST /auth/logout-all
GET /health
GET /shipments
GET /cleaners
GET /offsets
GET /datasets/{id}
GET /deployments/{id}
GET /orders/deleted
GET /cancellations
POST /orders/{id}/cancel
POST /batches/{id}/cancel cancelBatch
DELETE /models/keys/{api_key_uuid}
POST /subscriptions/{id}/terminate
GET /state
GET /tests/{id}/results
POST /tests
GET /app/settings
GET /logs
GET /log/{id}
GET /catalog/index
GET /init-values
POST /reservations
POST /resets-per-day
GET /users/{id}/collections
POST /appointments/{id}/send-reminder
""".strip().splitlines()

HARM_IN_WORDS: Final = """
Creates and populates the database with dummy data
Resets the database.
Re-initializes the system
Drops and re-creates all tables
Wipes everything
Deletes all customers
Clear all the logs
Send an e-mail to all subscribers
Sends a push notification to every customer
Notifies all users
Shuts down the server
Restart the application
Database reset
Restores the database from the last backup
Resets the state of the database
Loads sample data and creates dummy users
""".strip().splitlines()

NO_HARM_IN_WORDS: Final = """
Delete a user from the database
Removes an item from the cart
Remove a pet from the system
Lists all orders
Returns all customers. Deleted ones are left out
Sends a message and returns all messages of the thread
Get a seed by its id
Create a backup policy
Reset your filters
Searches every field
Change the system language
Restart the process of ordering
Delete an enrichment schema
""".strip().splitlines()


@pytest.mark.parametrize("line", DANGEROUS)
def test_what_may_do_harm_is_left_alone_and_says_why(line: str) -> None:
    why = dangers.danger(op(line))
    assert why
    assert "  " not in why
    assert not why.endswith((" ", "-"))


@pytest.mark.parametrize("line", HARMLESS)
def test_everyday_operations_are_not_left_alone(line: str) -> None:
    assert dangers.danger(op(line)) is None


@pytest.mark.parametrize("words", HARM_IN_WORDS)
def test_a_description_that_speaks_of_harm_is_believed(words: str) -> None:
    assert dangers.danger(op("POST /x/run", says=words))
    assert dangers.danger(op("GET /x/run", says=words))


@pytest.mark.parametrize("words", NO_HARM_IN_WORDS)
def test_everyday_descriptions_do_no_harm(words: str) -> None:
    assert dangers.danger(op("POST /x/run", says=words)) is None


def test_all_that_belongs_to_one_object_is_no_danger_but_the_database_is() -> None:
    assert dangers.danger(op("DELETE /users/{id}", says="Deletes the user and all their posts")) is None
    assert dangers.danger(op("POST /users/{id}/tidy", says="Recreates the whole database"))


OWN_ACCOUNT = """
DELETE /users/me users-delete_user_me
DELETE /users/me delete_user_me_users_me_delete
DELETE /api/v1/users/me users-delete_me
DELETE /account deleteAccount
POST /users/me/delete
POST /account/close
POST /deleteAccount
""".strip().splitlines()
PURGES = """
DELETE /users deleteAllUsers
DELETE /users users-delete
DELETE /users deleteUsers
DELETE /users/me deleteAllUsers
DELETE /users/me/orders deleteOrders
POST /users/delete
""".strip().splitlines()


@pytest.mark.parametrize("line", OWN_ACCOUNT)
def test_to_close_the_own_account_is_left_alone_but_is_no_purge(line: str) -> None:
    assert dangers.closes_own_account(op(line))
    assert (dangers.danger(op(line)) or "").startswith("closes the account of whoever calls")


@pytest.mark.parametrize("line", PURGES)
def test_to_delete_them_all_is_a_purge(line: str) -> None:
    assert not dangers.closes_own_account(op(line))
    assert "closes" not in (dangers.danger(op(line)) or "closes")


def test_whose_account_is_closed_may_be_told_by_the_body() -> None:
    for fields in ("user_id", "username", "email"):
        assert not dangers.closes_own_account(op("POST /account/delete", body=fields))
    assert dangers.closes_own_account(op("POST /account/delete", body="password reason"))


def test_the_own_things_are_no_account() -> None:
    for line in ("DELETE /cart", "DELETE /users/me/sessions", "GET /users/me/delete", "DELETE /users/{id}"):
        assert not dangers.closes_own_account(op(line))


def test_a_delete_must_always_say_what_it_deletes() -> None:
    assert dangers.danger(op("DELETE /users", query="id!")) is None
    assert dangers.danger(op("DELETE /users", body="user_id")) is None
    assert dangers.danger(op("DELETE /users", query="id")), "an optional identifier may be left out"
    assert dangers.danger(op("DELETE /users", query="api_key!")), "a key of the caller names no object"
    assert dangers.danger(op("DELETE /users", query="limit!"))


SHOP: Final = (op("GET /orders/{id}"), op("POST /orders"), op("GET /settings"))
WRITES_TO_ALL: Final = """
PATCH /orders
PUT /orders
PUT /orders/
""".strip().splitlines()
WRITES_TO_ONE: Final = """
PATCH /orders/{id}
PUT /orders/{id}
PATCH /users/me/orders
PATCH /settings
PUT /profile
PATCH /cart
PUT /orders/{id}/items
POST /orders
GET /orders
""".strip().splitlines()


@pytest.mark.parametrize("line", WRITES_TO_ALL)
def test_to_write_to_a_whole_collection_is_a_danger(line: str) -> None:
    operation = op(line, body="title note")
    assert dangers.danger(operation, (*SHOP, operation)) == "changes without naming what"
    assert dangers.danger(operation) is None, "nothing says that there are many"


@pytest.mark.parametrize("line", WRITES_TO_ONE)
def test_to_write_to_one_thing_is_none(line: str) -> None:
    operation = op(line, body="title note")
    assert dangers.danger(operation, (*SHOP, operation)) is None


def test_an_id_that_must_be_told_chooses_the_one() -> None:
    partly = op("PATCH /orders", body="id title")
    assert dangers.danger(partly, SHOP) is None
    (body,) = partly.bodies
    may_lack = replace(partly, bodies=(replace(body, schema=replace(body.schema, required=frozenset())),))
    assert dangers.danger(may_lack, SHOP), "without the id it goes to all"
    assert dangers.danger(replace(may_lack, method="PUT"), SHOP) is None, "a whole object is stored under its own id"
    filtered = replace(may_lack, parameters=(Parameter("where", Place.QUERY),))
    assert dangers.danger(replace(filtered, method="PUT"), SHOP), "a filter that may be left out chooses all"


def test_where_a_list_is_read_there_are_many() -> None:
    many = Answer("200", bodies=(Body("application/json", Schema(types=("array",))),))
    listed = replace(op("GET /stock"), answers=(many,))
    assert dangers.danger(op("PATCH /stock", body="amount"), (listed,))
    assert dangers.danger(op("PATCH /stock", body="amount"), (op("GET /stock"),)) is None


def test_items_of_a_list_are_named_one_by_one() -> None:
    item = Schema(types=("object",), properties={"id": Schema(), "title": Schema()}, required=frozenset({"id"}))
    body = Body("application/json", Schema(types=("array",), items=item))
    assert dangers.danger(replace(op("PATCH /orders"), bodies=(body,)), SHOP) is None


def test_the_second_step_of_a_password_reset_is_no_danger() -> None:
    assert dangers.danger(op("POST /reset/confirm", body="token new_password")) is None
    assert dangers.danger(op("POST /admin/reset", body="password"))


def test_a_reset_of_the_database_that_speaks_of_passwords_is_a_danger() -> None:
    assert dangers.danger(op("POST /db/reset", says="Resets the database; all passwords are the default ones"))
    assert dangers.danger(op("POST /demo/reset", says="Users get their first password back"))


@given(st.text(max_size=60), st.booleans(), st.booleans())
def test_any_text_can_be_judged(text: str, is_safe: bool, has_id: bool) -> None:  # noqa: FBT001
    first = dangers.harm_in_name(text, is_safe=is_safe, has_id=has_id)
    assert first == dangers.harm_in_name(text, is_safe=is_safe, has_id=has_id)
    dangers.harm_in_prose(text, has_id=has_id)
    dangers.change_in_name(text)
