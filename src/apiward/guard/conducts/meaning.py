"""What an operation is for, as far as the guard needs it: log-in, sign-up, password change."""

import re
from typing import Final

from apiward.classify.names import words_of
from apiward.core.api import Operation, Place
from apiward.core.jsonvalue import Json

_PASSWORD_WORDS: Final = frozenset("password passwd pwd pass passphrase passcode pin passwort senha contrasena".split())
_LOG_IN: Final = re.compile(
    r"log-?in(-|$)|(^|-)sign-?in(-|$)|(^|-)(log-?on|authenticate|authentication)(-|$)|"
    r"(^|-)(o?auth2?|token|tokens|session|sessions|jwt)(-|$)"
)
_SIGN_UP: Final = re.compile(
    r"(^|-)sign-?up(-|$)|(^|-)(user|account|customer|client|member|patient|self|auth)?"
    r"(register|registration|registrations|enroll?|enrollment|onboard|join)(user|account|customer|member)?(-|$)|"
    r"(create|new|add|make|open)-?(a-|an-|my-|new-)?(user|account|customer|member|client|patient|profile)(-|$)"
)
_OTHER: Final = re.compile(
    r"forg[eo]t|(^|-)(reset|resets|recover|recovery|lost|refresh|introspect|unlock|verify|confirm|check|validate)(-|$)|"
    r"log-?(out|off)|sign-?(out|off)|(^|-)revoke(-|$)|"
    r"(change|update|set|edit|new)-?(my-|your-|the-|user-)?(password|passwd|pwd|pin)|"
    r"(password|passwd|pwd|pin)-?(change|update|edit|set)"
)
_PEOPLE: Final = frozenset("user account customer client member person patient student profile employee".split())
_NEW: Final = frozenset({"new", "old", "current"})
_PASSWORD_IN_NAME: Final = re.compile(r"pass|pwd|credential")
_ACCOUNT_MARKS: Final = ("mail", "user", "login", "phone", "mobile", "account", "identifier", "handle")
_FAIL_WORDS: Final = frozenset(
    "fail failed failure error errors ko nok denied unauthorized unauthorised forbidden invalid rejected false".split()
)
_STATE_KEYS: Final = frozenset("status result state outcome type success ok succeeded is_success issuccess".split())
_ERROR_KEYS: Final = frozenset("error errors err exception fault error_message errormessage error_code".split())
_MAX_PATH: Final = 300


def spoken_name(operation: Operation) -> str:
    """Return path and operation id as one text of lower-case words joined by `-`; path words come first."""
    own = (operation.operation_id or "").rpartition(".")[2]
    return "-".join((*_path_words(operation.path), *words_of(own)))


def is_password_name(name: str) -> bool:
    """Whether a field of that name takes a password."""
    words = words_of(name)
    return not _PASSWORD_WORDS.isdisjoint(words) or "password" in "".join(words)


def is_account_name(name: str) -> bool:
    """Whether a field of that name says whose account is meant."""
    flat = "".join(words_of(name))
    return flat in ("name", "id", "identity") or (
        any(mark in flat for mark in _ACCOUNT_MARKS) and not flat.startswith("client")
    )


def takes_password(operation: Operation) -> bool:
    """Whether the operation takes a password in its body or query."""
    return any(is_password_name(name) for name in _field_names(operation))


def is_log_in(operation: Operation) -> bool:
    """Whether the operation takes a name and a password and may answer with a credential."""
    names = _field_names(operation)
    passwords = [name for name in names if is_password_name(name)]
    if operation.method not in ("POST", "PUT", "GET") or not passwords or _asks_for_new(passwords):
        return False
    return _reads_as_log_in(spoken_name(operation)) and "{" not in operation.path


def is_sign_up(operation: Operation) -> bool:
    """Whether a stranger makes an account with the operation."""
    if operation.method not in ("POST", "PUT") or "{" in operation.path or not takes_password(operation):
        return False
    name = spoken_name(operation)
    if _OTHER.search(name):
        return False
    last = _path_words(operation.path)[-1:]
    return bool(_SIGN_UP.search(name)) or (operation.method == "POST" and _singular(last) in _PEOPLE)


def is_password_change(operation: Operation) -> bool:
    """Whether a caller chooses a new password here."""
    if operation.method not in ("POST", "PUT", "PATCH") or is_log_in(operation) or is_sign_up(operation):
        return False
    return takes_password(operation) and bool(_PASSWORD_IN_NAME.search(spoken_name(operation)))


def says_failure(value: Json) -> bool:
    """Whether a good answer says in its body that it did not do what was asked."""
    if not isinstance(value, dict):
        return False
    below = [child for key, child in value.items() if key in ("meta", "response") and isinstance(child, dict)]
    return any(_is_failure(body) for body in (value, *below))


def is_log_in_path(path: str) -> bool:
    """Whether an undescribed path reads as a log-in; the body must then hold a password as well."""
    return _reads_as_log_in("-".join(_path_words(path[:_MAX_PATH])))


def is_sign_up_path(path: str) -> bool:
    """Whether an undescribed path reads as a sign-up; the body must then hold a password as well."""
    words = _path_words(path[:_MAX_PATH])
    name = "-".join(words)
    return (bool(_SIGN_UP.search(name)) or _singular(words[-1:]) in _PEOPLE) and not _OTHER.search(name)


def _reads_as_log_in(name: str) -> bool:
    return bool(_LOG_IN.search(name)) and not _SIGN_UP.search(name) and not _OTHER.search(name)


def _asks_for_new(names: list[str]) -> bool:
    return any(not _NEW.isdisjoint(words_of(name)) for name in names)


def _field_names(operation: Operation) -> list[str]:
    schema = operation.body_schema()
    names = [str(pointer[-1]) for pointer, _ in schema.fields() if pointer] if schema else []
    return names + [p.name for p in operation.parameters if p.place is Place.QUERY]


def _path_words(path: str) -> list[str]:
    fixed = (part for part in path.split("/") if part and "{" not in part)
    return [word for part in fixed for word in words_of(part)]


def _singular(words: list[str]) -> str:
    return words[0].removesuffix("s") if words else ""


def _is_failure(body: dict[str, Json]) -> bool:
    for key, value in body.items():
        name = key.lower()
        if name in _STATE_KEYS and (
            value is False or (isinstance(value, str) and value.strip().lower() in _FAIL_WORDS)
        ):
            return True
        if name in _ERROR_KEYS and value not in (None, False, "", 0, [], {}):
            return True
        is_code = name in ("code", "statuscode", "status_code", "status")
        if is_code and isinstance(value, int) and not isinstance(value, bool) and 400 <= value < 600:
            return True
    return False
