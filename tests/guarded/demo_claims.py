"""Which stage of the guard claims to hold which weakness of the demo business, and why the others remain."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from apiward.demo.weaknesses import WEAKNESSES
from apiward.guard.stage import StageName

_HELD: Final = {
    StageName.PROTOCOL: "trace-echo",
    StageName.AUTHENTICATE: (
        "jwt-none jwt-unverified jwt-weak-key jwt-confusion jwt-expiry-ignored shop-token-without-end logout-ignored"
    ),
    StageName.ROUTE: "hidden-debug old-version",
    StageName.PERMIT: (
        "object-anonymous-receipt authentication-missing-resources hidden-export function-anonymous-clients"
        " function-role-reports function-role-delete-client function-role-coupon function-role-promote"
    ),
    StageName.SHAPE: (
        "signup-extra-fields order-extra-fields profile-extra-fields booking-extra-fields page-size-unlimited"
        " sql-injection-product-id sql-injection-newsletter"
        " graphql-introspection graphql-depth-unlimited graphql-aliases-unlimited graphql-batches-unlimited"
    ),
    StageName.INSPECT: (
        "sql-injection-article sql-injection-product-filter sql-injection-booking-search graphql-sql-injection"
    ),
    StageName.CONDUCT: "login-unlimited shop-login-unlimited weak-password-accepted",
    StageName.MINIMISE: "secrets-in-profile personal-data-in-testimonials personal-data-in-calendar",
    StageName.CONCEAL: "technology-disclosure error-details",
    StageName.HARDEN: "security-headers-missing cors-reflects cors-lookalike",
}
CLAIMED: Final[Mapping[str, StageName]] = MappingProxyType(
    {name: stage for stage, names in _HELD.items() for name in names.split()}
)
"""Weakness to stage. Where two would hold it, the one that does so first in the demo."""

_ANSWER: Final = "the difference is in the meaning of good answers, which the guard does not rewrite"
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
        "input-slowness-contact": "the slow text is a well-formed address; only the API can use a better pattern",
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
