"""What an operation is for, judged by its description: log-in, sign-up, or something dangerous."""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.scan import naming

_PASSWORD_WORDS: Final = frozenset("password passwd pwd pass passphrase passcode pin secret".split())
_LOG_IN: Final = re.compile(r"log-?in|sign-?in|authenticat|(^|-)(auth|token|tokens|session|sessions|jwt)(-|$)")
_SIGN_UP: Final = re.compile(r"sign-?up|regist(er|ration)|enrol|(create|new|add)-?(user|account|customer|member)")
_LOG_OUT: Final = re.compile(r"log-?out|sign-?out|logoff|revoke")
_RESET: Final = re.compile(r"forg[eo]t|reset|recover|lost-?password|send-?(code|otp)")
_PEOPLE: Final = frozenset("user account customer client member person patient student profile employee".split())
_DATA: Final = r"(db|database|data|table|tables|schema|system|server|demo|environment|state|store|cache|all|everything)"
_DANGER_NAMES: Final = re.compile(
    r"(^|-)(reset|drop|populate|seed|reseed|shut-?down|restart|reboot|purge|wipe|truncate|flush|factory|"
    r"halt|kill|terminate|self-?destruct|broadcast|send-?(to-)?(all|everyone)|notify-?all|mass-?mail|send-?newsletter|"
    r"(delete|remove|clear|erase|destroy)-?all|clear-?(db|database|data|cache|all)|"
    r"(create|init|initiali[sz]e|setup|rebuild|migrate|restore|re-?load|load)-?(db|database|data|dump|backup|fixtures)|"
    r"initdb|dbinit|fixtures|deploy|uninstall|install)(-|$)"
)
_DANGER_WORDS: Final = re.compile(
    r"\b(re-?creates?|resets?|drops?|populates?|re-?seeds?|seeds?|purges?|wipes?|truncates?|flush(es)?|erases?|clears?|"
    r"deletes?|removes?|destroys?|initiali[sz]es?)\b[^.]{0,40}\b(all|every|everything|whole|entire|"
    r"(the )?(database|db|data ?base|demo data|dummy data|tables|system))\b|"
    r"\b(shuts? ?down|restarts?|reboots?) (the )?(server|system|service|application|api)\b|"
    r"\bsends?\b[^.]{0,40}\bto (all|every)\b"
)
_ADMIN: Final = re.compile(
    r"(^|-)(admin|admins|administrator|administration|superuser|root|staff|backoffice|back-?office|moderator|"
    r"management|manage|internal|sysadmin|operator|owner-?only|superadmin)(-|$)"
)
_ADMIN_WORDS: Final = re.compile(
    r"\b(only (for )?(the )?(admins?|administrators?|staff|managers?|owners? of the business|moderators?|superusers?)|"
    r"(admins?|administrators?|staff|managers?|moderators?|superusers?)[- ]only|"
    r"requires? (the )?(an? )?(admin|administrator|staff|manager|moderator|superuser)|"
    r"as an? (admin|administrator|staff|manager|superuser)|"
    r"(admin|administrator|staff|manager) (access|role|rights|permission)|for (admins|administrators|staff|managers))\b"
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
    schema = operation.body_schema()
    names = [str(p[-1]) for p, _ in schema.fields() if p] if schema else []
    names += [p.name for p in operation.parameters if p.place.value == "query"]
    return any(is_password_name(name) for name in names)


def danger(operation: Operation) -> str | None:
    """Return why the operation must be left alone without consent, or None where it need not."""
    if is_password_reset(operation) or is_log_in(operation) or is_sign_up(operation):
        return None
    hit = _DANGER_NAMES.search(spoken_name(operation)) or _DANGER_WORDS.search(prose(operation))
    if hit:
        return f'its description says "{_calm(hit.group(0))}"'
    if operation.method == "DELETE" and "{" not in operation.path and not _takes_id(operation):
        return "deletes without naming what"
    return None


def is_log_in(operation: Operation) -> bool:
    """Whether the operation takes a name and a password and may answer with a credential."""
    name = spoken_name(operation)
    if _SIGN_UP.search(name) or _RESET.search(name) or _LOG_OUT.search(name):
        return False
    return operation.method in ("POST", "GET", "PUT") and has_password(operation) and bool(_LOG_IN.search(name))


def is_sign_up(operation: Operation) -> bool:
    """Whether a stranger makes an account with the operation."""
    if operation.method not in ("POST", "PUT") or not has_password(operation) or "{" in operation.path:
        return False
    name = spoken_name(operation)
    if _SIGN_UP.search(name):
        return not re.search(r"(^|-)(verify|confirm|check)(-|$)", name)
    last = naming.nouns(operation.path)[-1:]
    return operation.method == "POST" and bool(last) and last[0] in _PEOPLE and not _RESET.search(name)


def is_log_out(operation: Operation) -> bool:
    """Whether the operation ends a session."""
    name = spoken_name(operation)
    if operation.method == "DELETE":
        return bool(re.search(r"(^|-)(session|token)s?(-|$)", name)) or bool(_LOG_OUT.search(name))
    return bool(_LOG_OUT.search(name))


def is_password_reset(operation: Operation) -> bool:
    """Whether someone who forgot the password starts here (no password is sent, an address is)."""
    name = spoken_name(operation)
    if not _RESET.search(name) or operation.method not in ("POST", "PUT", "GET"):
        return False
    speaks_of_it = "pass" in name or "forg" in name or "recover" in name or "pass" in prose(operation)
    return speaks_of_it and not has_password(operation)


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
    """Whether the description says, in path or words, that normal callers have no business here."""
    return bool(_ADMIN.search(spoken_path(operation)) or _ADMIN_WORDS.search(prose(operation)))


def says_staff_only(operation: Operation) -> bool:
    """Whether the description says so in words, not only by the path."""
    return bool(_ADMIN_WORDS.search(prose(operation)))


def _takes_id(operation: Operation) -> bool:
    schema = operation.body_schema()
    in_body = [str(pointer[-1]) for pointer, _ in schema.fields() if pointer] if schema else []
    return any(naming.is_id_name(name) for name in [*in_body, *(p.name for p in operation.parameters)])


def _calm(hit: str) -> str:
    return hit.strip("-. ").replace("-", " ")
