"""Which stage of the guard claims to hold which weakness of the demo business, and why the others remain."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from apiward.demo.weaknesses import WEAKNESSES
from apiward.guard.stage import StageName

_HELD: Final = {
    StageName.PROTOCOL: (
        "trace-echo function-method-override function-path-spelling function-path-header"
        " body-unlimited json-too-deep body-unpacked"
    ),
    StageName.ORIGIN: "function-trusted-address host-trusted",
    StageName.AUTHENTICATE: (
        "jwt-none jwt-unverified jwt-weak-key jwt-confusion jwt-expiry-ignored shop-token-without-end logout-ignored"
        " jwt-embedded-key jwt-key-file jwt-key-address token-in-address"
    ),
    StageName.ROUTE: (
        "hidden-debug old-version exposed-settings figures-open docs-open function-unlisted-method function-old-version"
    ),
    StageName.PERMIT: (
        "object-anonymous-receipt authentication-missing-resources hidden-export function-anonymous-clients"
        " function-role-reports function-role-delete-client function-role-coupon function-role-promote"
    ),
    StageName.SHAPE: (
        "signup-extra-fields order-extra-fields profile-extra-fields booking-extra-fields page-size-unlimited"
        " sql-injection-product-id sql-injection-newsletter nosql-injection-coupon order-negative-quantity"
        " graphql-introspection graphql-depth-unlimited graphql-aliases-unlimited graphql-batches-unlimited"
    ),
    StageName.INSPECT: (
        "sql-injection-article sql-injection-product-filter sql-injection-booking-search command-injection-print"
        " command-injection-contact template-injection-card path-traversal-worksheet markup-injection-find"
        " header-injection-coach xml-entities-import lookup-injection-colleague object-injection-cart"
        " graphql-sql-injection page-as-photo"
    ),
    StageName.CONDUCT: "login-unlimited shop-login-unlimited weak-password-accepted code-unlimited",
    StageName.MINIMISE: "reset-token-shown secrets-in-profile personal-data-in-testimonials personal-data-in-calendar",
    StageName.CONCEAL: "technology-disclosure outdated-program error-details",
    StageName.HARDEN: "security-headers-missing cors-reflects cors-lookalike private-answers-cached cookie-open",
}
CLAIMED: Final[Mapping[str, StageName]] = MappingProxyType(
    {name: stage for stage, names in _HELD.items() for name in names.split()}
)
"""Weakness to stage. Where two would hold it, the one that does so first in the demo."""

_ANSWER: Final = "the difference is in the meaning of good answers, which the guard does not rewrite"
_FLOW: Final = "who has had what, and what was paid, is known to the business alone"
_OWNERS: Final = "whose object it is must be known: rules about objects come later"
_CARRIED: Final = "one address carries it among many others, and the guard knows operations by their address"
REMAINS: Final[Mapping[str, str]] = MappingProxyType(
    {name: _OWNERS for name in WEAKNESSES if name.startswith("object-") and name not in CLAIMED}
    | {
        "login-names-account": _ANSWER,
        "shop-login-names-account": _ANSWER,
        "signup-names-account": _ANSWER,
        "reset-names-account": _ANSWER,
        "password-change-ignored": "many APIs rightly keep the session in which a password was changed",
        "default-log-in": "only the business can close an account or change its password",
        "second-factor-skipped": "only the API can ask for the code before it gives a log-in",
        "password-change-open": "only the API knows the old password",
        "refresh-token-reused": "only the API knows which refresh tokens were used",
        "refresh-after-logout": "only the API knows to which log-in a refresh token belongs",
        "session-fixation": "only the API can give a new session at the log-in",
        "session-predictable": "only the API can choose other session ids",
        "members-forgery": "only the API knows which of its pages other sites may call",
        "password-cut": "only the API can keep the whole password",
        "email-change-unconfirmed": "only the API can wait for the new address to be confirmed",
        "input-slowness-contact": "the slow text is a well-formed address; only the API can use a better pattern",
        "request-forgery-calendar": "a well-formed address leads there; a rule of the finding says which are meant",
        "redirect-anywhere": "a well-formed address leads there; a rule of the finding takes only our own paths",
        "data-as-page": "a harmless piece of markup is free text; a rule of the finding takes none",
        "voucher-again": _FLOW,
        "bonus-race": _FLOW,
        "order-collected-unpaid": _FLOW,
        "webhook-unsigned": "only the business has the secret by which events are signed",
        "secret-key-in-program": "a key that looks like one may stand in a program on purpose; only its owner knows",
        "order-price-of-customer": "the description allows a price, and only the business knows the right one",
        **dict.fromkeys(("graphql-read-note", "graphql-change-note", "graphql-delete-note"), _CARRIED),
        "graphql-role-clients": _CARRIED,
        "graphql-suggestions": _ANSWER,
        "graphql-get-mutations": "an address that is only opened takes every method; a rule may refuse one",
        "answer-drift": "what the description does not name is dropped, but a wrong type is not made right",
    }
)
"""Weakness to the reason why it can still be seen through the guard."""

NEVER_SERVED: Final = "jwt-weak-key"
"""The guard refuses to start with a secret that anybody guesses."""
