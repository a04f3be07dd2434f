"""Words that say that a call would do harm: wipe, restart, rebuild, or write to everybody.

A wrong alarm costs coverage, a missed one costs the owner's data: in doubt these patterns say "danger".
Names come as lower-case words joined by `-`, the path's first, then the operation id's.
"""

import re
from collections.abc import Iterable
from typing import Final

from apiward.core.api import Operation, Place
from apiward.core.jsonvalue import Pointer
from apiward.core.schema import Schema
from apiward.spec.meaning import naming
from apiward.spec.meaning.accounts import confirms_reset, is_log_in, is_log_out, is_password_reset, is_sign_up
from apiward.spec.meaning.spoken import field_names, own_name, prose, spoken_path

_MAIN: Final = (
    r"(db|dbs|database|databases|data|dataset|table|tables|schema|collections?|system|server|service|app|demo|env|"
    r"environment|sandbox|state|store|storage|cache|caches|redis|logs?|index|indexes|queues?|tests?|fixtures?|dump|"
    r"backups?|snapshots?|migrations?|everything|all|users)"
)
_UNDO: Final = (
    r"(re-?set|drop|clear|clean|empty|erase|wipe|purge|truncate|flush|delete|destroy|remove|re-?create|init|initiali[sz]e|"
    r"set-?up|re-?build|re-?load|load|import|restore|roll-?back|migrate|seed|populate|fill|generate|nuke|zap)"
)
_MANY: Final = r"(all|every|everyone|everybody|everything|bulk|batch|mass|multiple|many)"
_SEND: Final = r"(send|notify|e-?mail|mail|sms|message|push|alert|blast|invite|remind|announce|publish|dispatch|launch)"
_HARMFUL_TO_MANY: Final = (
    r"(delete|remove|clear|erase|destroy|drop|reset|cancel|close|disable|deactivate|archive|expire|revoke|reject|refund|"
    r"pay|charge|approve|unpublish|purge|ban|block|suspend|kill|stop|terminate|unsubscribe|overwrite|replace)"
)
_READERS: Final = r"(users|customers|clients|members|subscribers|contacts|patients|guests|newsletter|campaign)"

_ALWAYS: Final = re.compile(
    r"(^|-)("
    r"re-?set|purge|wipe|truncate|flush|flush(all|db)|re-?seed|populate|nuke|shut-?down|restart|reboot|halt|kill|"
    r"power-?off|self-?destruct|tear-?down|factory-?defaults?|uninstall|install|deploy|re-?deploy|clean-?up|prune|"
    r"(re-?set|drop|wipe|purge|flush|seed|populate|create|init|load|clear)-?(db|database|everything)|"
    r"(db|database)-?(re-?set|drop|wipe|purge|flush|seed|populate|create|init|load|clear)|"
    r"(backup|snapshot|dump)s?-?(restore|load|import)|restore-?(backup|snapshot|dump)|"
    rf"{_HARMFUL_TO_MANY}-?(all|every|everyone|everybody|everything|bulk|multiple|many)|(all|bulk|batch|mass)-?{_HARMFUL_TO_MANY}|"
    rf"{_SEND}-?(to-?)?({_MANY}|{_READERS})|(bulk|batch|mass|everyone|newsletters?|campaigns?|mailings?)-?{_SEND}|"
    r"(server|system|service|app|process|worker)-?(stop|exit|quit|off|crash)|(stop|exit|crash)-?(server|system|app|process)|"
    r"maintenance-?(mode|on|enable|start)|enable-?maintenance"
    r")(-|$)"
)
_TO_THE_WHOLE: Final = re.compile(
    rf"(^|-)({_MAIN}-?{_UNDO}|{_UNDO}-?(the-)?{_MAIN}|(create|make|new)-?(tables|schema|fixtures))(-|$)"
)
_AS_LAST_WORD: Final = re.compile(
    r"(^|-)(drop|seed|broadcast|migrate|rollback|restore|bootstrap|fixtures|erase|destroy-?everything|crash|die)$"
)
_AS_WHOLE_NAME: Final = re.compile(
    r"(api-|rest-|v\d+-)*(init|initiali[sz]e|setup|set-up|exit|quit|stop|empty|clear|clean)"
)
_HARMLESS: Final = re.compile(
    r"((re-?set|recover|recovery)-?(link|token|code|e-?mail|request)?-?(my-|your-|the-|user-|users-|forgotten-|lost-)?"
    r"(pass(word|code|phrase|wd)?s?|pwd|pin|credentials?)(?![a-z])(?!-all(-|$))"
    r"|(pass(word|code|phrase|wd)?s?|pwd|pin|credentials?)-?(re-?set|recover|recovery)(s|-link|-token|-code|-e-?mail)?"
    r"(?![a-z])(?!-all(-|$)))"
)
_CHANGING_GET: Final = re.compile(
    r"(^|-)(delete|remove|destroy|erase|cancel|deactivate|disable|suspend|ban|refund|pay|unsubscribe|approve|reject)$"
)
_SENDS_TO_ALL: Final = re.compile(r"(^|-)broadcasts?$")

_DATABASE: Final = (
    r"(the |whole |entire |demo |dummy |test |sample |default |initial |seed |state of the )*"
    r"(database|db|data ?base|tables|system|(demo|dummy|test|sample|seed|initial) (data|users|content))\b"
)
_VERBS: Final = (
    r"\b(re-?creat(e|es|ing)|re-?set(s|ting)?|drop(s|ping)?|populat(e|es|ing)|re-?seed(s|ing)?|seed(s|ing)?|"
    r"purg(e|es|ing)|wip(e|es|ing)|truncat(e|es|ing)|flush(es|ing)?|eras(e|es|ing)|clear(s|ing)?|delet(e|es|ing)|"
    r"remov(e|es|ing)|destroy(s|ing)?|(re-?)?initiali[sz](e|es|ing)|empt(y|ies|ying)|overwrit(e|es|ing)|"
    r"restor(e|es|ing)|rebuild(s|ing)?)\b"
)
_SOME: Final = r"((?!\b(from|in|into|to|of|by|with|via|for|on)\b)[^.\n]){0,40}"  # "removes an item from the database"
_TO_THE_DATABASE: Final = re.compile(
    rf"{_VERBS}{_SOME}\b{_DATABASE}|"
    r"\bcreat(e|es|ing) (and \w+ )?(the (database|db|schema|tables)|(dummy|demo|sample|test) (data|users))\b|"
    r"\b(database|db|demo|factory|system|server)[ -]"
    r"(reset|wipe|purge|re-?creation|initiali[sz]ation|shut ?down|restart)\b|"
    r"\b(shuts? ?down|restarts?|reboots?|stops?|halts?|terminates?|kills?) (the |this )?(whole |entire )?"
    r"(server|system|service|application|api)\b"
)
_TO_ALL: Final = re.compile(
    rf"{_VERBS}[^.\n]{{0,40}}\b(all|every|everything|whole|entire)\b|"
    r"\bsends?\b[^.\n]{0,60}\bto (all|every|everyone|everybody)\b|"
    r"\b(e-?mails?|messages?|notif(y|ies)|broadcasts? to) (all|every|everyone|everybody)\b"
)

_CALLER: Final = frozenset("me self myself current my mine".split())
_OWN_ACCOUNT: Final = frozenset("account profile user".split())
_CLOSING: Final = frozenset("delete remove destroy erase close deactivate terminate cancel unregister".split())
_CALLERS_OWN: Final = frozenset("cart basket wishlist avatar picture photo image".split())
_CHOOSING: Final = frozenset("where filter filters ids".split())
_ONE_BELOW: Final = re.compile(r"/\{[^{}/]*\}/?")
_NO_OBJECT: Final = frozenset(
    "version v api lang language locale region country format tenant org organization organisation site".split()
)


def danger(operation: Operation, among: Iterable[Operation] = ()) -> str | None:
    """Return why the operation must be left alone without consent, or None where it need not.

    `among` are the operations of the same API: they tell collections from single things.
    """
    if is_password_reset(operation) or is_log_in(operation) or is_sign_up(operation) or is_log_out(operation):
        return None
    harm = _harm(operation)
    if harm:
        return f'its description says "{harm.replace("-", " ")}"'
    if closes_own_account(operation):
        return "closes the account of whoever calls; only throw-away accounts of the scan do so, in the end"
    changed = change_in_name(spoken_path(operation)) if operation.is_safe else None
    if changed:
        return f'the address says "{changed}", although reading should change nothing'
    is_of_something = _names_one(operation) or _takes_id(operation) or _is_callers_own(operation)
    if operation.method == "DELETE" and not is_of_something:
        return "deletes without naming what"
    return "changes without naming what" if _changes_all(operation, among) else None


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


def harm_in_name(name: str, *, is_safe: bool, has_id: bool) -> str | None:
    """Return the words of a name that say that a call does harm to more than one object, or None.

    `is_safe` says whether the method promises to change nothing, `has_id` whether the path names one object.
    """
    rest = _HARMLESS.sub("", name)
    hit = _ALWAYS.search(rest)
    if hit is None and not has_id:
        hit = _TO_THE_WHOLE.search(rest) or _AS_LAST_WORD.search(rest) or _AS_WHOLE_NAME.fullmatch(rest)
    if hit is None and not is_safe:
        hit = _SENDS_TO_ALL.search(rest)
    return hit.group(0).strip("-") if hit else None


def change_in_name(path_name: str) -> str | None:
    """Return the verb at the end of a path that changes something, or None: for a GET, which promises not to."""
    hit = _CHANGING_GET.search(path_name)
    return hit.group(0).strip("-") if hit else None


def harm_in_prose(prose: str, *, has_id: bool) -> str | None:
    """Return the words of a description (lower case) that speak of harm, or None.

    Where the path names one object, "all" means all that belongs to it.
    """
    hit = _TO_THE_DATABASE.search(prose) or (None if has_id else _TO_ALL.search(prose))
    return hit.group(0).strip() if hit else None


def _harm(operation: Operation) -> str | None:
    """Return the words that say that more than one object is harmed, or None.

    An operation id repeats the name of the collection (`users-delete_user_me`): where the path names
    one object, or the caller, that means no purge.
    """
    has_id = _names_one(operation)
    is_of_one = has_id or any(_CALLER & set(naming.words(s)) for s in naming.segments(operation.path))
    hit = (
        harm_in_name(spoken_path(operation), is_safe=operation.is_safe, has_id=has_id)
        or harm_in_name(own_name(operation), is_safe=operation.is_safe, has_id=is_of_one)
        or harm_in_prose(prose(operation), has_id=is_of_one)
    )
    return None if confirms_reset(operation) else hit


def _is_own_account(parts: list[tuple[str, ...]]) -> bool:
    """Whether the words of a path's segments end with the caller (`/users/me`) or the one account (`/account`)."""
    last = parts[-1][-1:] if parts else ()
    return bool((_CALLER | _OWN_ACCOUNT) & set(last))


def _takes_name(operation: Operation) -> bool:
    """Whether a call says by name or address whose account it means."""
    return any(_OWN_ACCOUNT & set(name) for name in map(naming.words, field_names(operation))) or any(
        naming.plain(name) in ("username", "email", "login", "name") for name in field_names(operation)
    )


def _names_one(operation: Operation) -> bool:
    """Whether a parameter of the path chooses an object, and not a version, a language or a tenant."""
    named = [word for part in naming.segments(operation.path) for word in re.findall(r"\{([^{}]*)\}", part)]
    meant = [set(naming.words(name)) - {"id", "code", "name", "slug"} for name in named]
    return any(not words or not words <= _NO_OBJECT for words in meant)


def _changes_all(operation: Operation, among: Iterable[Operation]) -> bool:
    """Whether it writes to every object of a collection (`PATCH /orders` beside `/orders/{id}`).

    A whole new object (PUT) is stored under an id that it may carry; a part of one (PATCH) is given to all
    unless an id must be told.
    """
    if operation.method not in ("PUT", "PATCH") or _names_one(operation) or _is_callers_own(operation):
        return False
    if any(_CALLER & set(naming.words(segment)) for segment in naming.segments(operation.path)):
        return False
    chooses_some = any(naming.plain(p.name) in _CHOOSING for p in operation.parameters_in(Place.QUERY))
    if _takes_id(operation, must=operation.method == "PATCH" or chooses_some):
        return False
    return chooses_some or _is_collection(operation.path, among)


def _is_collection(path: str, among: Iterable[Operation]) -> bool:
    """Whether the path is said to hold many: a list is read there, or it is a plural with single things below."""
    path = path.rstrip("/")
    last = (naming.words(path.rpartition("/")[2]) or ("",))[-1]
    is_plural = naming.singular(last) != last
    for other in among:
        if is_plural and _ONE_BELOW.fullmatch(other.path.removeprefix(path)) and other.path.startswith(path):
            return True
        is_read_here = other.method == "GET" and other.path.rstrip("/") == path
        if is_read_here and any("array" in schema.types for schema in other.answer_schemas()):
            return True
    return False


def _is_callers_own(operation: Operation) -> bool:
    return bool(_CALLERS_OWN & set(naming.nouns(operation.path)[-1:])) and not operation.path.rstrip("/").endswith("s")


def _takes_id(operation: Operation, *, must: bool = False) -> bool:
    """Whether a call says which object it means, in its query or body; with `must`, the body's field is required."""
    schema = operation.body_schema()
    fields = [pointer for pointer, _ in schema.fields() if pointer] if schema else []
    names = [str(pointer[-1]) for pointer in fields if not (must and schema and _is_left_out(schema, pointer))]
    names += [p.name for p in operation.parameters_in(Place.QUERY) if p.is_required]
    return any(naming.is_id_name(name) and not naming.is_token_name(name) for name in names)


def _is_left_out(schema: Schema, pointer: Pointer) -> bool:
    """Whether a body may come without the field: only one at the top, or at the top of a list's items, is a must."""
    below = schema.items if schema.items is not None and not schema.properties else schema
    return str(pointer[-1]) not in below.required
