"""What an operation is for, judged by its description: log-in, sign-up, or something dangerous."""

import re
from itertools import pairwise
from typing import Final

from apiward.core.api import Operation, Place
from apiward.scan.meaning import dangers, naming

_PASSWORD_WORDS: Final = frozenset("password passwd pwd pass passphrase passcode pin secret".split())
_LOG_IN: Final = re.compile(
    r"log-?in(-|$)|login|(^|-)sign-?in(-|$)|signin|(^|-)(log-?on|authenticate|authentication)(-|$)|"
    r"(^|-)(o?auth2?|token|tokens|session|sessions|jwt)(-|$)"
)
_NO_LOG_IN: Final = re.compile(
    r"(change|update|set|edit|new|modify|check|validate|strength)-?(my-|your-|the-|user-)?(password|passwd|pwd|pin)|"
    r"(password|passwd|pwd|pin)-?(change|update|edit|set|check|strength|validate)|(^|-)(refresh|introspect|unlock)(-|$)|(check|verify|validate)-?(otp|code|pin)"
)
_NO_LOG_IN_VERB: Final = re.compile(r"(^|-)(get|update|remove|delete|set|exchange|verify|list|search|find|edit|query)$")
_SIGN_UP: Final = re.compile(
    r"(^|-)sign-?up(-|$)|signup|(^|-)(user|account|customer|client|member|patient|self|auth)?"
    r"(register|registration|registrations|enroll?|enrollment|onboard|join)(user|account|customer|member)?(-|$)|"
    r"(create|new|add|make|open)-?(a-|an-|my-|new-)?(user|account|customer|member|client|patient|profile)(-|$)"
)
_LOG_OUT: Final = re.compile(
    r"(^|-)(user|do)?(log-?(out|off)|sign-?(out|off))(all|user)?(-|$)|"
    r"(^|-)(end|close|destroy|terminate|invalidate)-?(my-)?session(-|$)|"
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
_MASS: Final = re.compile(r"(^|-)(all|everyone|bulk|db|database|data|demo|system|server)(-|$)")
_PEOPLE: Final = frozenset("user account customer client member person patient student profile employee".split())
_ADMIN: Final = re.compile(
    r"(^|-)(admin|admins|administrator|administrators|administration|superuser|staffonly|backoffice|back-office|"
    r"moderator|moderation|sysadmin|superadmin|super-admin|owner-only|admin[a-z]*panel)(-|$)"
)
_STAFF_SEGMENTS: Final = frozenset("manage management internal root operator manager sysop backend ops".split())
_STAFF_AREAS: Final = frozenset("staff managers moderators operators employees supervisor".split())
_NOT_DENIED: Final = r"(?<!no )(?<!non-)(?<!without )(?<!not )"
_ADMINS: Final = r"(admins?|administrators?|staff|managers?|moderators?|superusers?)"
_NORMAL_ROLES: Final = frozenset(
    "user users client customer member guest visitor buyer patient student subscriber basic normal standard default "
    "public anonymous none free individual consumer reader viewer".split()
)
_ADMIN_WORDS: Final = re.compile(
    rf"\bonly (for )?(the )?(an? )?({_ADMINS}|owners? of the business)\b|\b{_ADMINS}( users?)?[- ]only\b|"
    rf"\b(requires?|needs?|must (be|have)|restricted to|limited to|reserved for|available to|accessible (to|by)|"
    rf"allowed (to|for)) (the )?(an? )?{_ADMINS}\b|"
    rf"\bas an? (admin|administrator|staff|manager|superuser)\b|"
    rf"{_NOT_DENIED}\b(admin|administrator|staff|manager|superuser) (access|role|rights|permissions?|privileges?|"
    rf"endpoint|operation|function)\b|{_NOT_DENIED}\bfor (admins|administrators|staff|managers|moderators)\b|\[admin\]"
)
_STAFF_TAGS: Final = frozenset(
    ("admin", "admins", "administration", "administrator", "staff", "back office", "backoffice")
)
_BULK: Final = frozenset("bulk batch list import many search".split())
_CALLER: Final = frozenset("me self myself current my mine".split())
_OWN_ACCOUNT: Final = frozenset("account profile user".split())
_CLOSING: Final = frozenset("delete remove destroy erase close deactivate terminate cancel unregister".split())
_CALLERS_OWN: Final = frozenset("cart basket wishlist avatar picture photo image".split())
_NO_OBJECT: Final = frozenset(
    "version v api lang language locale region country format tenant org organization organisation site".split()
)


def spoken_name(operation: Operation) -> str:
    """Return path and operation id as one text of lower-case words joined by `-`; path words come first."""
    fixed = [s for s in naming.segments(operation.path) if not naming.is_template(s)]
    own = (operation.operation_id or "").rpartition(".")[2]
    return "-".join(word for name in (*fixed, own) for word in naming.words(name))


def spoken_path(operation: Operation) -> str:
    """Return the fixed part of the path as lower-case words joined by `-`."""
    fixed = [s for s in naming.segments(operation.path) if not naming.is_template(s)]
    return "-".join(word for name in fixed for word in naming.words(name))


def prose(operation: Operation) -> str:
    """Return what the description says of the operation in words, in lower case."""
    return f"{operation.summary}. {operation.description} {' '.join(operation.tags)}".lower()[:2_000]


def is_password_name(name: str) -> bool:
    """Whether a field of that name takes a password."""
    parts = naming.words(name)
    return any(word in _PASSWORD_WORDS for word in parts) or "password" in naming.plain(name)


def has_password(operation: Operation) -> bool:
    """Whether the operation takes a password in its body or query."""
    return bool(_password_fields(operation))


def danger(operation: Operation) -> str | None:
    """Return why the operation must be left alone without consent, or None where it need not."""
    if is_password_reset(operation) or is_log_in(operation) or is_sign_up(operation) or is_log_out(operation):
        return None
    harm = _harm(operation)
    if harm:
        return f'its description says "{harm.replace("-", " ")}"'
    if closes_own_account(operation):
        return "closes the account of whoever calls; only throw-away accounts of the scan do so, in the end"
    changed = dangers.change_in_name(spoken_path(operation)) if operation.is_safe else None
    if changed:
        return f'the address says "{changed}", although reading should change nothing'
    is_of_something = _names_one(operation) or _takes_id(operation) or _is_callers_own(operation)
    if operation.method == "DELETE" and not is_of_something:
        return "deletes without naming what"
    return None


def closes_own_account(operation: Operation) -> bool:
    """Whether the operation removes the account of whoever calls (`DELETE /users/me`, `POST /account/close`)."""
    fixed = [words for s in naming.segments(operation.path) if (words := naming.words(s))]
    if "{" in operation.path or not fixed or _takes_id(operation) or _takes_name(operation) or _harm(operation):
        return False
    if operation.method == "DELETE":
        return _is_own_account(fixed)
    if operation.method != "POST" or not _CLOSING & set(fixed[-1]):
        return False
    rest = tuple(word for word in fixed[-1] if word not in _CLOSING)
    return _is_own_account([*fixed[:-1], *([rest] if rest else [])])


def is_log_in(operation: Operation) -> bool:
    """Whether the operation takes a name and a password and may answer with a credential."""
    name = spoken_name(operation)
    if any(no.search(name) for no in (_SIGN_UP, _RESET, _LOG_OUT, _NO_LOG_IN)) or _takes_new_password(operation):
        return False
    last = set(naming.nouns(operation.path)[-1:])
    if last & _PASSWORD_WORDS or (last & _PEOPLE and "login" not in name):
        return False
    if operation.method not in ("POST", "GET", "PUT") or not has_password(operation) or not _LOG_IN.search(name):
        return False
    is_of_one = "{" in operation.path or _NO_LOG_IN_VERB.search(spoken_path(operation))
    is_of_people = _takes_own_password(operation) or "authenticat" in name
    return "login" in name or "log-in" in name or (is_of_people and not is_of_one)


def is_sign_up(operation: Operation) -> bool:
    """Whether a stranger makes an account with the operation."""
    if operation.method not in ("POST", "PUT") or not _takes_own_password(operation) or "{" in operation.path:
        return False
    name = spoken_name(operation)
    if _NO_LOG_IN_VERB.search(spoken_path(operation)):
        return False
    if _RESET.search(name) or _NO_LOG_IN.search(name) or re.search(r"(^|-)(verify|confirm|check|login)(-|$)", name):
        return False
    if _SIGN_UP.search(name):
        return not (is_meant_for_staff(operation) and operation.is_secured)
    last = naming.nouns(operation.path)[-1:]
    is_of_people = bool(last) and last[0] in _PEOPLE and not set(naming.words(operation.path)) & _BULK
    return operation.method == "POST" and is_of_people and not is_meant_for_staff(operation)


def is_log_out(operation: Operation) -> bool:
    """Whether the operation ends the caller's session."""
    name = spoken_name(operation)
    if operation.method == "DELETE" and "{" not in operation.path and not has_password(operation):
        return bool(re.search(r"(^|-)(session|token|login)s?$", spoken_path(operation))) or bool(_LOG_OUT.search(name))
    return bool(_LOG_OUT.search(name))


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


def is_meant_for_staff(operation: Operation) -> bool:
    """Whether the description says, in path, tags or words, that normal callers have no business here."""
    return bool(_ADMIN.search(spoken_path(operation))) or _is_in_staff_area(operation) or says_staff_only(operation)


def says_staff_only(operation: Operation) -> bool:
    """Whether the description says so in words, not only by the path."""
    has_tag = any(tag.strip().lower() in _STAFF_TAGS for tag in operation.tags)
    return has_tag or bool(_ADMIN_WORDS.search(prose(operation)))


def _is_in_staff_area(operation: Operation) -> bool:
    """Whether the path leads through a part that is for those who run the business (`/staff/orders`, not `/staff`)."""
    parts = [part.lower() for part in naming.segments(operation.path)]
    leads_on = any(one in _STAFF_AREAS and not naming.is_template(after) for one, after in pairwise(parts))
    return leads_on or bool(_STAFF_SEGMENTS & set(parts))


def _password_fields(operation: Operation) -> list[str]:
    return [name for name in _field_names(operation) if is_password_name(name)]


def _takes_own_password(operation: Operation) -> bool:
    """Whether a password is among the fields, and not only the secret of a program that calls."""
    return any(set(naming.words(name)) - {"client", "api", "secret", "key"} for name in _password_fields(operation))


def _takes_new_password(operation: Operation) -> bool:
    fields = _password_fields(operation)
    return any({"new", "old", "current"} & set(naming.words(name)) for name in fields)


def _field_names(operation: Operation) -> list[str]:
    """Return the names of all body fields and query parameters."""
    schema = operation.body_schema()
    names = [str(pointer[-1]) for pointer, _ in schema.fields() if pointer] if schema else []
    return names + [p.name for p in operation.parameters if p.place is Place.QUERY]


def _confirms_reset(operation: Operation) -> bool:
    """Whether this is the second step of a password reset: a new password with what was sent by mail."""
    proofs = {"token", "code", "otp"} & {word for name in _field_names(operation) for word in naming.words(name)}
    return bool(_password_fields(operation)) and bool(proofs) and not _MASS.search(spoken_name(operation))


def _harm(operation: Operation) -> str | None:
    """Return the words that say that more than one object is harmed, or None.

    An operation id repeats the name of the collection (`users-delete_user_me`): where the path names
    one object, or the caller, that means no purge.
    """
    has_id = _names_one(operation)
    is_of_one = has_id or any(_CALLER & set(naming.words(s)) for s in naming.segments(operation.path))
    hit = (
        dangers.harm_in_name(spoken_path(operation), is_safe=operation.is_safe, has_id=has_id)
        or dangers.harm_in_name(_own_name(operation), is_safe=operation.is_safe, has_id=is_of_one)
        or dangers.harm_in_prose(prose(operation), has_id=is_of_one)
    )
    return None if _confirms_reset(operation) else hit


def _is_own_account(parts: list[tuple[str, ...]]) -> bool:
    """Whether the words of a path's segments end with the caller (`/users/me`) or the one account (`/account`)."""
    last = parts[-1][-1:] if parts else ()
    return bool((_CALLER | _OWN_ACCOUNT) & set(last))


def _takes_name(operation: Operation) -> bool:
    """Whether a call says by name or address whose account it means."""
    return any(_OWN_ACCOUNT & set(name) for name in map(naming.words, _field_names(operation))) or any(
        naming.plain(name) in ("username", "email", "login", "name") for name in _field_names(operation)
    )


def _names_one(operation: Operation) -> bool:
    """Whether a parameter of the path chooses an object, and not a version, a language or a tenant."""
    named = [word for part in naming.segments(operation.path) for word in re.findall(r"\{([^{}]*)\}", part)]
    meant = [set(naming.words(name)) - {"id", "code", "name", "slug"} for name in named]
    return any(not words or not words <= _NO_OBJECT for words in meant)


def _is_callers_own(operation: Operation) -> bool:
    return bool(_CALLERS_OWN & set(naming.nouns(operation.path)[-1:])) and not operation.path.rstrip("/").endswith("s")


def _takes_id(operation: Operation) -> bool:
    """Whether a call always says which object it means, in its query or body."""
    schema = operation.body_schema()
    names = [str(pointer[-1]) for pointer, _ in schema.fields() if pointer] if schema else []
    names += [p.name for p in operation.parameters_in(Place.QUERY) if p.is_required]
    return any(naming.is_id_name(name) and not naming.is_token_name(name) for name in names)


def _own_name(operation: Operation) -> str:
    return "-".join(naming.words((operation.operation_id or "").rpartition(".")[2]))
