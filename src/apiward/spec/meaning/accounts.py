"""What operations do with accounts: log-in, sign-up, log-out, password reset, password change."""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.spec.meaning import naming
from apiward.spec.meaning.roles import is_meant_for_staff
from apiward.spec.meaning.spoken import field_names, prose, spoken, spoken_name, spoken_path

_LOG_IN: Final = re.compile(
    r"log-?in(-|$)|login|(^|-)sign-?in(-|$)|signin|(^|-)(log-?on|authenticate|authentication)(-|$)|"
    r"(^|-)(o?auth2?|token|tokens|session|sessions|jwt)(-|$)"
)
_NO_LOG_IN: Final = re.compile(
    r"(change|update|set|edit|new|modify|check|validate|strength)-?(my-|your-|the-|user-)?(password|passwd|pwd|pin)|"
    r"(password|passwd|pwd|pin)-?(change|update|edit|set|check|strength|validate)|(^|-)(refresh|introspect|unlock)(-|$)|"
    r"(check|verify|validate)-?(otp|code|pin)"
)
_NO_LOG_IN_VERB: Final = re.compile(r"(^|-)(get|update|remove|delete|set|exchange|verify|list|search|find|edit|query)$")
_SIGN_UP: Final = re.compile(
    r"(^|-)sign-?up(-|$)|signup|(^|-)(user|account|customer|client|member|patient|self|auth)?"
    r"(register|registration|registrations|enroll?|enrollment|onboard|join)(user|account|customer|member)?(-|$)|"
    r"(create|new|add|make|open)-?(a-|an-|my-|new-)?(user|account|customer|member|client|patient|profile)(-|$)"
)
_ENDS_SESSION: Final = re.compile(
    r"(^|-)(user|do)?(log-?(out|off)|sign-?(out|off))(all|user)?(-|$)|"
    r"(^|-)(end|close|destroy|terminate|invalidate)-?(my-)?session(-|$)"
)
_REVOKES: Final = re.compile(
    r"(^|-)(revoke|invalidate|blacklist)-?(my-|access-|refresh-|auth-)?tokens?(-|$)|"
    r"(^|-)(oauth2?|auth|token|tokens|session|sessions|jwt)-(revoke|invalidate|blacklist)(-|$)|^revoke$"
)
_RESET: Final = re.compile(
    r"forg[eo]t|(^|-)(reset|resets|recover|recovery|lost)(-|$)|(password|passwd|pwd|pass)-?(reset|recover)|"
    r"(reset|recover|lost)-?(my-)?(password|passwd|pwd|pass)|(^|-)(re-?)?send-?(code|otp|reset)"
)
_FORGOTTEN: Final = re.compile(
    r"forg[eo]t|recover|lost-?pass|(^|-)[a-z]*(password|passwd|pwd|passcode|pin)s?[a-z]*(-|$)"
)
_CHECKS: Final = re.compile(r"(^|-)(verify|confirm|check|validate)(-|$)")
_MASS: Final = re.compile(r"(^|-)(all|everyone|bulk|db|database|data|demo|system|server)(-|$)")
_PEOPLE: Final = frozenset("user account customer client member person patient student profile employee".split())
_BULK: Final = frozenset("bulk batch list import many search".split())
MAX_PATH: Final = 300
"""Characters of a path of a live request that are looked at."""


def has_password(operation: Operation) -> bool:
    """Whether the operation takes a password in its body or query."""
    return bool(_password_fields(operation))


def is_log_in(operation: Operation) -> bool:
    """Whether the operation takes a name and a password and may answer with a credential."""
    name = spoken_name(operation)
    if not _reads_as_log_in(name) or _takes_new_password(operation):
        return False
    last = set(naming.nouns(operation.path)[-1:])
    if last & naming.PASSWORD_WORDS or (last & _PEOPLE and "login" not in name):
        return False
    if operation.method not in ("POST", "GET", "PUT") or not has_password(operation):
        return False
    is_of_one = "{" in operation.path or _NO_LOG_IN_VERB.search(spoken_path(operation))
    is_of_people = _takes_own_password(operation) or "authenticat" in name
    return "login" in name or "log-in" in name or (is_of_people and not is_of_one)


def is_sign_up(operation: Operation) -> bool:
    """Whether a stranger makes an account with the operation."""
    if not makes_account(operation):
        return False
    is_careless = bool(_SIGN_UP.search(spoken_name(operation))) and not operation.is_secured
    return is_careless or not is_meant_for_staff(operation)


def makes_account(operation: Operation) -> bool:
    """Whether an account with a password is made, by a stranger or by staff."""
    if operation.method not in ("POST", "PUT") or not _takes_own_password(operation) or "{" in operation.path:
        return False
    name = spoken_name(operation)
    if _NO_LOG_IN_VERB.search(spoken_path(operation)) or _is_no_sign_up(name):
        return False
    return bool(_SIGN_UP.search(name)) or (operation.method == "POST" and _is_of_people(operation.path))


def is_log_out(operation: Operation) -> bool:
    """Whether the operation ends the caller's session."""
    name = spoken_name(operation)
    if operation.method == "DELETE" and "{" not in operation.path and not has_password(operation):
        return bool(re.search(r"(^|-)(session|token|login)s?$", spoken_path(operation))) or _reads_as_log_out(name)
    return _reads_as_log_out(name)


def is_password_reset(operation: Operation) -> bool:
    """Whether someone who forgot the password starts here (no password is sent, an address is)."""
    name = spoken_name(operation)
    if not _RESET.search(name) or operation.method not in ("POST", "PUT", "GET") or _MASS.search(name):
        return False
    speaks_of_it = _FORGOTTEN.search(name) or re.search(r"\bpass(word|code|phrase)", prose(operation))
    return bool(speaks_of_it) and not has_password(operation)


def is_password_change(operation: Operation) -> bool:
    """Whether a logged-in caller changes a password here."""
    if operation.method not in ("POST", "PUT", "PATCH") or is_log_in(operation) or is_sign_up(operation):
        return False
    return has_password(operation) and bool(re.search(r"pass|pwd|credential", spoken_name(operation)))


def is_account_operation(operation: Operation) -> bool:
    """Whether the operation makes, opens or ends a session, or deals with a password."""
    return (
        is_log_in(operation)
        or is_sign_up(operation)
        or is_log_out(operation)
        or is_password_reset(operation)
        or is_password_change(operation)
    )


def is_log_in_path(path: str) -> bool:
    """Whether an undescribed path reads as a log-in; the body must then hold a password as well."""
    name = spoken(path[:MAX_PATH])
    return _reads_as_log_in(name) and not _CHECKS.search(name)


def is_sign_up_path(path: str) -> bool:
    """Whether an undescribed path reads as a sign-up; the body must then hold a password as well."""
    start = path[:MAX_PATH]
    name = spoken(start)
    return (bool(_SIGN_UP.search(name)) or _is_of_people(start)) and not _is_no_sign_up(name)


def is_log_out_path(path: str) -> bool:
    """Whether a path reads as one that ends the session of whoever calls it."""
    return bool(_ENDS_SESSION.search(spoken(path[:MAX_PATH])))


def is_reset_path(path: str) -> bool:
    """Whether a path reads as one where who forgot a password starts, or ends."""
    name = spoken(path[:MAX_PATH])
    return bool(_RESET.search(name) and _FORGOTTEN.search(name)) and not _MASS.search(name)


def confirms_reset(operation: Operation) -> bool:
    """Whether this is the second step of a password reset: a new password with what was sent by mail."""
    proofs = {"token", "code", "otp"} & {word for name in field_names(operation) for word in naming.words(name)}
    return bool(_password_fields(operation)) and bool(proofs) and not _MASS.search(spoken_name(operation))


def _reads_as_log_in(name: str) -> bool:
    if not _LOG_IN.search(name):
        return False
    return not (any(no.search(name) for no in (_SIGN_UP, _RESET, _NO_LOG_IN)) or _reads_as_log_out(name))


def _reads_as_log_out(name: str) -> bool:
    return bool(_ENDS_SESSION.search(name) or _REVOKES.search(name))


def _is_no_sign_up(name: str) -> bool:
    is_other = _RESET.search(name) or _NO_LOG_IN.search(name) or _CHECKS.search(name)
    return bool(is_other) or "login" in name.split("-")


def _is_of_people(path: str) -> bool:
    """Whether a path ends with people, one by one (`/users`, not `/users/import`)."""
    return not _PEOPLE.isdisjoint(naming.nouns(path)[-1:]) and _BULK.isdisjoint(naming.words(path))


def _takes_own_password(operation: Operation) -> bool:
    """Whether a password is among the fields, and not only the secret of a program that calls."""
    return any(naming.is_own_password_name(name) for name in _password_fields(operation))


def _takes_new_password(operation: Operation) -> bool:
    fields = _password_fields(operation)
    return any({"new", "old", "current"} & set(naming.words(name)) for name in fields)


def _password_fields(operation: Operation) -> list[str]:
    return [name for name in field_names(operation) if naming.is_password_name(name)]
