"""Which operations give out credentials, so that a token in their answer is no leak."""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.spec.meaning.accounts import is_log_in, makes_account
from apiward.spec.meaning.spoken import spoken, spoken_name

_GIVING: Final = re.compile(
    r"(^|-)(log-?in|sign-?(in|up)|log-?on|regist[a-z]*|oauth2?|o?auth|authenticat[a-z]*|refresh|tokens?|sessions?|jwt|sso|"
    r"keys?|api-?keys?|access-?keys?|credentials?|secrets?|rotat[a-z]*|regenerat[a-z]*|invit[a-z]*|webhooks?|devices?|"
    r"impersonat[a-z]*|exchange|tickets?|pair[a-z]*|link|share|shares)(-|$)"
)
_READING: Final = re.compile(r"(^|-)(o?auth2?|oauth|callback|token|session|refresh|jwt|sso|csrf|log-?in)(-|$)")
_FORGOTTEN: Final = re.compile(
    r"forg[eo]t|(^|-)(lost|recover|recovery)(-|$)|(request|send)-?(password-?)?reset|reset-?request"
)
_FACTOR: Final = re.compile(
    r"(^|-)(mfa|2-?fa|otp|totp|two-?factor|factors?|authenticator|recovery-?codes?|backup-?codes?)(-|$)"
)


def gives_credentials(operation: Operation) -> bool:
    """Whether the operation is there to give its caller a credential: log-in, sign-up, refresh, key creation."""
    if is_log_in(operation) or makes_account(operation):
        return True
    return _gives(operation.method, spoken_name(operation), is_of_one="{" in operation.path)


def path_gives_credentials(method: str, path: str) -> bool:
    """Whether a path that is not described reads as one that gives its caller a credential."""
    return _gives(method, spoken(path[-120:]), is_of_one=False)


def sets_up_factor(operation: Operation) -> bool:
    """Whether the operation sets up a second factor, so that its seed or spare codes are shown once."""
    return operation.method in ("POST", "PUT") and bool(_FACTOR.search(spoken_name(operation)))


def _gives(method: str, name: str, *, is_of_one: bool) -> bool:
    if _FORGOTTEN.search(name):
        return False
    if method in ("POST", "PUT", "PATCH"):
        return bool(_GIVING.search(name))
    return method == "GET" and not is_of_one and bool(_READING.search(name))
