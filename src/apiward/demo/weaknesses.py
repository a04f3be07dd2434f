"""Every weakness of the demo business by name: what is wrong, where, and which check should say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Weakness:
    """One switch. `check` is the catalogue's code, `operation` where it should fire.

    Where a weakness lies in all of an area (tokens, headers), `operation` is a typical one.
    `also` are further checks that would be right to fire when this weakness is on.
    `needs` names the role of an account without which nobody could see it.
    """

    name: str
    check: str
    operation: str
    what: str
    also: tuple[str, ...] = ()
    needs: str = "client"


_ME = "GET /api/v2/me"
_ALL: Final = (
    Weakness("object-read-note", "OBJ01", "GET /api/v2/notes/{note_id}", "any client reads any note"),
    Weakness("object-read-goal", "OBJ01", "GET /api/v2/goals/{slug}", "any client reads any goal by its slug"),
    Weakness("object-read-order", "OBJ01", "GET /shop/orders/{order_id}", "any customer reads any order"),
    Weakness("object-change-note", "OBJ02", "PUT /api/v2/notes/{note_id}", "any client changes any note"),
    Weakness(
        "object-change-contact", "OBJ02", "PUT /api/v2/clients/{client_id}/contact",
        "changes the client of the path instead of the caller",
    ),
    Weakness(
        "object-change-password", "OBJ02", "PUT /api/v2/clients/{client_id}/password",
        "sets the password of the client of the path instead of the caller's",
    ),
    Weakness("object-move-booking", "OBJ03", "POST /api/v2/bookings/move", "any client moves any booking"),
    Weakness("object-cancel-booking", "OBJ03", "POST /api/v2/bookings/cancel", "any client cancels any booking"),
    Weakness("object-delete-note", "OBJ04", "DELETE /api/v2/notes/{note_id}", "any client deletes any note"),
    Weakness(
        "object-anonymous-receipt", "OBJ05", "GET /api/v2/payments/{payment_id}/receipt",
        "shows receipts to callers who are not logged in", ("AUT01", "PRO04"),
    ),
    Weakness(
        "function-anonymous-clients", "FUN01", "GET /api/v2/admin/clients",
        "lists all clients to callers who are not logged in", ("AUT01", "PRO04"),
    ),
    Weakness("function-role-reports", "FUN02", "GET /api/v2/admin/reports", "every client sees the figures"),
    Weakness("function-role-delete-client", "FUN02", "DELETE /api/v2/clients/{client_id}", "every client may"),
    Weakness("function-role-coupon", "FUN02", "POST /shop/coupons", "every customer makes coupons"),
    Weakness(
        "function-role-promote", "FUN02", "PUT /api/v2/admin/clients/{client_id}/role",
        "the assistant gives roles, which only the owner may", needs="assistant",
    ),
    Weakness(
        "signup-extra-fields", "PRO01", "POST /api/v2/register",
        "takes role, credit_cents and verified from the sign-up",
    ),
    Weakness("order-extra-fields", "PRO01", "POST /shop/orders", "takes total_cents and paid from the customer"),
    Weakness("profile-extra-fields", "PRO02", "PATCH /api/v2/me", "takes role, credit_cents, verified"),
    Weakness(
        "booking-extra-fields", "PRO02", "PATCH /api/v2/bookings/{booking_id}",
        "takes price_cents and state from the client",
    ),
    Weakness("secrets-in-profile", "PRO03", _ME, "shows the password's hash", ("INV03",)),
    Weakness(
        "personal-data-in-testimonials", "PRO04", "GET /api/v2/testimonials",
        "shows e-mail addresses and telephone numbers of clients to everybody", ("INV03",),
    ),
    Weakness(
        "personal-data-in-calendar", "PRO04", "GET /api/v2/calendar",
        "shows to everybody who comes when and why", ("INV03",),
    ),
    Weakness(
        "authentication-missing-resources", "AUT01", "GET /api/v2/resources",
        "answers without a log-in that the description asks for", ("FUN01",),
    ),
    Weakness("jwt-none", "AUT02", _ME, "accepts unsigned tokens (alg none)"),
    Weakness("jwt-unverified", "AUT03", _ME, "does not check the signature of tokens"),
    Weakness("jwt-weak-key", "AUT04", _ME, "signs tokens with a key that anybody guesses"),
    Weakness("jwt-confusion", "AUT05", "GET /shop/account", "checks HS256 tokens with the public RSA key"),
    Weakness("jwt-expiry-ignored", "AUT06", _ME, "accepts tokens after their end"),
    Weakness("shop-token-without-end", "AUT06", "POST /shop/login", "makes tokens that never end"),
    Weakness("login-unlimited", "AUT07", "POST /api/v2/token", "lets everybody guess passwords without end"),
    Weakness("shop-login-unlimited", "AUT07", "POST /shop/login", "lets everybody guess passwords without end"),
    Weakness("login-names-account", "AUT08", "POST /api/v2/token", "tells wrong passwords from unknown accounts"),
    Weakness("shop-login-names-account", "AUT08", "POST /shop/login", "tells wrong passwords from unknown accounts"),
    Weakness("signup-names-account", "AUT09", "POST /api/v2/register", "says that an address has an account"),
    Weakness("reset-names-account", "AUT10", "POST /api/v2/password/forgot", "says that an address has no account"),
    Weakness("weak-password-accepted", "AUT11", "POST /api/v2/register", "accepts short and common passwords"),
    Weakness("logout-ignored", "AUT12", "POST /api/v2/logout", "a token works on after the log-out"),
    Weakness(
        "password-change-ignored", "AUT13", "PUT /api/v2/me/password",
        "tokens from before a change of password work on",
    ),
    Weakness("sql-injection-article", "INJ01", "GET /api/v2/articles/{slug}", "slug in SQL: union, boolean"),
    Weakness(
        "sql-injection-product-filter", "INJ01", "GET /shop/products",
        "category in SQL: only a boolean difference, always with status 200",
    ),
    Weakness("sql-injection-product-id", "INJ01", "GET /shop/products/{product_id}", "number in SQL: boolean, union"),
    Weakness(
        "sql-injection-booking-search", "INJ01", "POST /api/v2/bookings/search",
        "JSON text in SQL, inside lower(): the database error is shown", ("CFG02",),
    ),
    Weakness("sql-injection-newsletter", "INJ01", "POST /api/v2/newsletter", "JSON text in SQL: only time tells"),
    Weakness("input-slowness-contact", "RES01", "POST /api/v2/contact", "backtracking pattern for the e-mail address"),
    Weakness("page-size-unlimited", "RES02", "GET /api/v2/articles", "limit has no upper end"),
    Weakness("technology-disclosure", "CFG01", _ME, "names server, language and framework with versions"),
    Weakness("error-details", "CFG02", "POST /api/v2/quotes", "answers a bug with its traceback"),
    Weakness("security-headers-missing", "CFG03", _ME, "sends no security headers"),
    Weakness("cors-reflects", "CFG04", _ME, "lets every website read answers with credentials"),
    Weakness("cors-lookalike", "CFG04", _ME, "trusts origins that only begin like its own"),
    Weakness("trace-echo", "CFG05", _ME, "echoes requests to TRACE"),
    Weakness(
        "hidden-export", "INV01", "GET /api/v2/clients/_export",
        "undocumented dump of all people for everybody", ("PRO03", "PRO04", "FUN01", "OBJ05"),
    ),
    Weakness("hidden-debug", "INV01", "GET /api/v2/debug", "undocumented page with the server's settings", ("CFG02",)),
    Weakness(
        "old-version", "INV02", "GET /api/v1/notes", "version 1 beside version 2, without its log-in",
        ("INV01", "OBJ05"),
    ),
    Weakness("graphql-read-note", "OBJ01", "POST /graphql query note", "any client reads any note in the phone app"),
    Weakness("graphql-change-note", "OBJ02", "POST /graphql mutation updateNote", "any client changes any note there"),
    Weakness("graphql-delete-note", "OBJ04", "POST /graphql mutation deleteNote", "any client deletes any note there"),
    Weakness("graphql-role-clients", "FUN02", "POST /graphql query clients", "every client sees all clients there"),
    Weakness("graphql-sql-injection", "INJ01", "POST /graphql query notes", "an argument in SQL", ("CFG02",)),
    Weakness("graphql-introspection", "GQL01", "POST /graphql", "tells everybody its whole schema"),
    Weakness("graphql-suggestions", "GQL02", "POST /graphql", "suggests names of its schema to who guesses"),
    Weakness("graphql-depth-unlimited", "GQL03", "POST /graphql", "takes queries of any depth"),
    Weakness("graphql-aliases-unlimited", "GQL04", "POST /graphql", "takes any number of fields in one query"),
    Weakness("graphql-batches-unlimited", "GQL05", "POST /graphql", "takes many queries in one request"),
    Weakness("graphql-get-mutations", "GQL06", "POST /graphql", "makes changes by GET"),
    Weakness("answer-drift", "INV03", "GET /api/v2/coach", "answers with other types than described"),
)  # fmt: skip

WEAKNESSES: Final[Mapping[str, Weakness]] = MappingProxyType({weakness.name: weakness for weakness in _ALL})
