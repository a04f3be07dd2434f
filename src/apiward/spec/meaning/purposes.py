"""What an operation is for, told by its method and path alone: all that a log or an event has of it.

Purposes are bits of one whole number, as an operation may have several and watch tests them for each event.
"""

import re
from typing import Final

from apiward.spec.meaning import naming
from apiward.spec.meaning.accounts import MAX_PATH, is_log_in_path, is_log_out_path, is_reset_path, is_sign_up_path
from apiward.spec.meaning.roles import is_staff_path
from apiward.spec.meaning.spoken import spoken

LOG_IN: Final = 1 << 0
SIGN_UP: Final = 1 << 1
LOG_OUT: Final = 1 << 2
RESET: Final = 1 << 3
"""A forgotten password: asked for, or set anew."""
ACCOUNT: Final = 1 << 4
"""Changes how somebody is reached or lets themselves in: password, e-mail, telephone number, factor."""
PAYMENT: Final = 1 << 5
COUPON: Final = 1 << 6
CODE: Final = 1 << 7
"""One-time codes: sent to somebody, or entered."""
ORDER: Final = 1 << 8
"""Takes something that there is little of: an order, a booking, a seat."""
EXPORT: Final = 1 << 9
STAFF: Final = 1 << 10
READ: Final = 1 << 11
WRITE: Final = 1 << 12
ONE: Final = 1 << 13
"""About one object, whose id stands in the path."""
FILE: Final = 1 << 14
"""A file of a website: a picture, a style, a script."""

_PAYMENT: Final = re.compile(r"(^|-)(pay|pays|payments?|charges?|transfers?|payouts?|top-?up|billing)(-|$)")
_COUPON: Final = re.compile(
    r"(^|-)(coupons?|vouchers?|promos?|promo-?codes?|discounts?|gift-?cards?|giftcodes?|redeem|redemptions?)(-|$)"
)
_CODE: Final = re.compile(
    r"(^|-)(otps?|totp|2fa|mfa|tfa|one-?time|two-?factor|sms|verify-(code|phone|number|pin)|(send|resend|check|confirm)-?code|"
    r"code-(verify|check|send|resend)|verification-?codes?|passcodes?|magic-?links?)(-|$)"
)
_ORDER: Final = re.compile(
    r"(^|-)(orders?|checkouts?|purchases?|bookings?|reservations?|reserve|book|tickets?|appointments?|seats?|carts?)(-|$)"
)
_EXPORT: Final = re.compile(r"(^|-)(exports?|dumps?|backups?|downloads?|extracts?)(-|$)")
_ACCOUNT: Final = re.compile(
    r"(^|-)(passwords?|passwd|pwd|e-?mails?|mail|phones?|mfa|2fa|totp|factors?|passkeys?)(-|$)"
)
_OWN: Final = re.compile(r"(^|-)(me|myself|profile|account)$")
_FILE: Final = re.compile(
    r"\.(css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|mp[34]|webm|pdf|zip|txt|xml|html?)$"
)
_NUMBERED: Final = re.compile(r"/\d+(/|$)")
_READS: Final = frozenset({"GET", "HEAD"})
_CALM: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def purposes(method: str, path: str) -> int:
    """Return what an operation is for, as bits. `path` is a template, or a path as it was asked for."""
    start = path[:MAX_PATH]
    name = spoken(start)
    found = READ if method in _READS else 0 if method in _CALM else WRITE
    if "{" in start or _NUMBERED.search(start):
        found |= ONE
    if is_staff_path(start):
        found |= STAFF
    if found & READ:
        return found | (EXPORT if _EXPORT.search(name) else 0) | (FILE if _FILE.search(start.lower()) else 0)
    return found | _of_write(start, name) if found & WRITE else found


def _of_write(path: str, name: str) -> int:
    """Return what is changed by an operation that changes something."""
    own = _of_accounts(path, name)
    if own & (LOG_IN | SIGN_UP | LOG_OUT):
        return own
    for bit, pattern in ((COUPON, _COUPON), (CODE, _CODE), (PAYMENT, _PAYMENT), (ORDER, _ORDER), (EXPORT, _EXPORT)):
        if pattern.search(name):
            own |= bit
    return own


def _of_accounts(path: str, name: str) -> int:
    if is_reset_path(path):
        return RESET
    if _CODE.search(name):
        return ACCOUNT if _OWN.search(name) else 0
    if is_log_out_path(path):
        return LOG_OUT
    if is_log_in_path(path):
        return LOG_IN
    if is_sign_up_path(path) and "{" not in path:
        return SIGN_UP
    return ACCOUNT if _ACCOUNT.search(name) or _OWN.search(name) else 0


def object_place(path: str) -> int:
    """Return which part of a path (between its slashes, from 0) holds the id of the object; -1 where none does."""
    parts = path.split("/")
    for at in range(len(parts) - 1, 0, -1):
        if naming.is_template(parts[at]) or parts[at].isdecimal():
            return at
    return -1
