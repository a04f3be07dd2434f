"""Names to try where nothing is told.

The first parts of paths that at least five of 695 providers of public descriptions use, the most usual first, and what
small businesses deal with.
"""

from typing import Final

PREFIXES: Final = ("", "/api", "/api/v1", "/v1", "/api/v2", "/v2", "/api/v3", "/rest")
"""What stands before the nouns, the most usual first."""
FIRST: Final = tuple("users me login products orders health account".split())
"""Names that tell whether a prefix is in use."""
NOUNS: Final = tuple(
    "users search user account events auth accounts me stats health projects reports groups webhooks images orders "
    "notifications products categories status templates apps devices messages tags roles config documents info "
    "subscriptions teams collections organizations transactions login channels payments jobs version contacts admin "
    "files customers locations tasks permissions query history profile settings comments tokens sessions companies "
    "logs videos token media session conversations resources billing people lists register articles playlists keys "
    "forms packages clients ping about inventory balance logout posts "
    "cart checkout coupons bookings appointments calendar invoices patients reviews items services".split()
)
VERSIONED: Final = tuple("users products orders accounts customers items".split())
"""Names that are tried with a version behind them (`/users/v1`)."""
ACCOUNT: Final = tuple(
    "login register signup logout token refresh me password password/forgot password/reset forgot-password "
    "reset-password sign-in sign-up".split()
)
"""What stands below `/auth`, `/users` or the prefix itself."""
LOG_IN: Final = frozenset("login signin sign-in token sessions session".split())
SIGN_UP: Final = frozenset("register signup sign-up registration".split())
ENTERED: Final = ("me", "logout", "password", "password/forgot", "forgot-password")
"""What is left to try where log-in and sign-up are known."""
HOLDERS: Final = ("auth", "users", "account", "user", "accounts", "me")
BELOW: Final = tuple(
    "cancel status comments events members tags items settings files history messages password email role".split()
)
"""What stands below one thing (`/orders/7/cancel`)."""
NOWHERE: Final = "nothing-is-here-8f3k"
"""A name that nobody has: the control."""
UNKNOWN: Final = "1"
"""Stands for a value where none was seen."""
