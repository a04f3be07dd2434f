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
_TEAM: Final = "GET /api/v2/admin/bookings"
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
        "object-nested-step", "OBJ06", "GET /api/v2/goals/{slug}/steps/{step_id}",
        "any client reads any step below a goal of their own",
    ),
    Weakness("object-batch-notes", "OBJ07", "POST /api/v2/notes/lookup", "any client looks up any notes"),
    Weakness("object-list-payments", "OBJ08", "GET /api/v2/payments", "lists the payments of the client in the query"),
    Weakness(
        "object-existence-receipt", "OBJ09", "GET /api/v2/payments/{payment_id}/receipt",
        "tells which payments of others exist",
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
    Weakness("function-method-override", "FUN03", _TEAM, "does what a header names instead of the method, unchecked"),
    Weakness("function-path-spelling", "FUN04", _TEAM, "with a doubled slash nobody asks for the role"),
    Weakness("function-path-header", "FUN05", _TEAM, "believes X-Original-URL, and does not ask for the role there"),
    Weakness("function-trusted-address", "FUN05", _TEAM, "takes callers for the team by X-Forwarded-For: 127.0.0.1"),
    Weakness(
        "function-unlisted-method", "FUN06", "PUT /api/v2/admin/clients/{client_id}/role",
        "PATCH on the same path gives a role to anybody",
    ),
    Weakness(
        "function-old-version", "FUN07", _TEAM, "version 1 of it does not ask for the role", ("INV01", "INV02"),
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
    Weakness(
        "second-factor-skipped", "AUT14", "POST /api/v2/token",
        "asks for the code of a second factor, but gives a working token before it",
    ),
    Weakness("password-change-open", "AUT15", "PUT /api/v2/me/password", "does not look at the old password"),
    Weakness("email-change-unconfirmed", "AUT16", "PUT /api/v2/me/email", "changes the address at once"),
    Weakness("jwt-embedded-key", "AUT17", "GET /shop/account", "checks tokens with the key that they bring along"),
    Weakness("jwt-key-file", "AUT17", _ME, "reads the key from whatever file the token's header names"),
    Weakness("jwt-key-address", "AUT26", "GET /shop/account", "fetches keys from wherever a token says"),
    Weakness("refresh-token-reused", "AUT18", "POST /api/v2/token/refresh", "takes a refresh token again and again"),
    Weakness("refresh-after-logout", "AUT18", "POST /api/v2/token/refresh", "gives new tokens after the log-out"),
    Weakness("session-fixation", "AUT19", "POST /members/login", "keeps the session id that came with the log-in"),
    Weakness("session-predictable", "AUT20", "POST /members/login", "counts its session ids up"),
    Weakness("members-forgery", "AUT21", "POST /members/display-name", "does what pages of other sites send"),
    Weakness(
        "reset-token-shown", "AUT22", "POST /api/v2/password/forgot",
        "gives the ticket for a new password to whoever asks, instead of by mail", ("INV03",),
    ),
    Weakness("password-cut", "AUT23", "POST /api/v2/register", "keeps the first forty letters of a password only"),
    Weakness("token-in-address", "AUT24", _ME, "takes the token from the address as well"),
    Weakness("code-unlimited", "AUT25", "POST /api/v2/token", "does not count wrong codes of the second factor"),
    Weakness("default-log-in", "AUT27", "POST /api/v2/token", "keeps the account that its program came with"),
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
    Weakness("command-injection-print", "INJ02", "GET /api/v2/articles/{slug}/print", "the paper's size in a command"),
    Weakness("command-injection-contact", "INJ02", "POST /api/v2/contact", "JSON text in a command: only time tells"),
    Weakness("template-injection-card", "INJ03", "POST /shop/cards/preview", "the message becomes part of a template"),
    Weakness("path-traversal-worksheet", "INJ04", "GET /api/v2/resources/file", "a name leads out of the folder"),
    Weakness("nosql-injection-coupon", "INJ05", "POST /shop/coupons/check", "an object is taken for a condition"),
    Weakness("markup-injection-find", "INJ06", "GET /shop/find", "the word searched for is shown as markup"),
    Weakness("header-injection-coach", "INJ07", "GET /api/v2/coach", "the language begins headers of the answer"),
    Weakness("xml-entities-import", "INJ08", "POST /api/v2/bookings/import", "entities bring files into the answer"),
    Weakness("lookup-injection-colleague", "INJ09", "GET /api/v2/colleagues/{login}", "the name in a filter of LDAP"),
    Weakness("object-injection-cart", "INJ10", "POST /shop/cart/preview", "a saved cart is made into objects"),
    Weakness(
        "request-forgery-calendar", "SSR01", "PUT /api/v2/me/calendar",
        "reads the calendar at once, wherever its address leads",
    ),
    Weakness("input-slowness-contact", "RES01", "POST /api/v2/contact", "backtracking pattern for the e-mail address"),
    Weakness("page-size-unlimited", "RES02", "GET /api/v2/articles", "limit has no upper end"),
    Weakness("body-unlimited", "RES03", "POST /api/v2/notes", "reads bodies of any size"),
    Weakness("json-too-deep", "RES04", "POST /api/v2/notes", "fails on JSON that is nested deeply"),
    Weakness("body-unpacked", "RES05", "POST /api/v2/notes", "unpacks compressed bodies without a bound"),
    Weakness("page-as-photo", "RES06", "PUT /api/v2/me/photo", "takes and serves pages in place of photos"),
    Weakness(
        "technology-disclosure", "CFG01", _ME, "names server, language and framework with versions", ("CMP01",)
    ),
    Weakness("error-details", "CFG02", "POST /api/v2/quotes", "answers a bug with its traceback"),
    Weakness("security-headers-missing", "CFG03", _ME, "sends no security headers"),
    Weakness("cors-reflects", "CFG04", _ME, "lets every website read answers with credentials"),
    Weakness("cors-lookalike", "CFG04", _ME, "trusts origins that only begin like its own"),
    Weakness("trace-echo", "CFG05", _ME, "echoes requests to TRACE"),
    Weakness("exposed-settings", "CFG06", "GET /.env", "the file with the settings lies in the folder of the website"),
    Weakness("figures-open", "CFG07", "GET /metrics", "the figures of the program are open to everybody"),
    Weakness(
        "private-answers-cached", "CFG08", "GET /api/v2/payments", "shared caches may keep a client's payments",
    ),
    Weakness("redirect-anywhere", "CFG09", "GET /api/v2/language", "leads on to wherever the link says"),
    Weakness("host-trusted", "CFG10", "GET /api/v2/me/invitation", "makes links of the host that a caller names"),
    Weakness("data-as-page", "CFG11", "GET /api/v2/search", "sends data with the caller's text in it as a page"),
    Weakness("cookie-open", "CFG13", "POST /shop/login", "scripts of any page of the shop can read the log-in cookie"),
    Weakness("docs-open", "CFG14", "GET /docs", "the page that describes the API is open to everybody"),
    Weakness("voucher-again", "FLO01", "POST /shop/vouchers/redeem", "one customer uses a voucher without end"),
    Weakness("bonus-race", "FLO02", "POST /shop/bonus/claim", "several requests at once each get the bonus"),
    Weakness("order-negative-quantity", "FLO03", "POST /shop/orders", "takes quantities below one"),
    Weakness("order-price-of-customer", "FLO05", "POST /shop/orders", "takes the price that the customer sends"),
    Weakness(
        "order-collected-unpaid", "FLO04", "POST /shop/orders/{order_id}/collect",
        "hands over orders that are not paid",
    ),
    Weakness(
        "webhook-unsigned", "UPS01", "POST /shop/webhooks/payments", "believes events that nobody has signed",
        ("OBJ03",),
    ),
    Weakness("secret-key-in-program", "UPS02", "GET /shop/checkout.js", "the payment form holds the secret key"),
    Weakness("outdated-program", "CMP01", _ME, "names a program that nobody mends any more", ("CFG01",)),
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
