"""What names in a description mean: words of a name, nouns of a path, names that stand for identifiers."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from apiward.core.api import Operation

MAX_NAME: Final = 200
"""Characters of a name that are looked at."""
_BOUNDARY: Final = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_VERSION: Final = re.compile(r"v\d+(\.\d+)*(alpha|beta)?\d*|\d+(\.\d+)*")
_NEUTRAL: Final = frozenset({"api", "rest", "public", "private", "internal", "app", "web", "services", "service"})
_VERBS: Final = frozenset(
    "add all create delete edit fetch find get insert list make modify my new patch post put query read remove save "
    "search set show store submit update view by".split()
)
_PRIVILEGED: Final = frozenset(
    "admin administrator superuser role roles permission permissions scope scopes group groups balance credit credits "
    "verified approved active enabled status tier plan level staff moderator owner privilege privileges".split()
)
_OPENING: Final = frozenset("acl acls visibility sharing shared collaborators".split())
NO_CREDENTIAL: Final = frozenset(
    "refresh csrf xsrf type expires expiry expire in id_token reset verification public hint".split()
)
"""Words beside which "token" or "key" names something else than a credential."""
CREDENTIAL_WORDS: Final = frozenset(
    "token jwt bearer access auth authorization authentication session sid apikey".split()
)
"""Words in the names of fields that give a caller a credential."""
PASSWORD_WORDS: Final = frozenset(
    "password passwd pwd pass passphrase passcode pin secret passwort kennwort contrasena contrase contrasenia senha "
    "passe wachtwoord haslo".split()
)
"""Words in the names of fields that take a password."""
_OF_PROGRAMS: Final = frozenset({"client", "api", "secret", "key"})
_ACCOUNT_MARKS: Final = ("mail", "user", "login", "phone", "mobile", "account", "identifier", "handle")
_ID_WORDS: Final = frozenset("id ids uuid guid slug ref reference key code number no nr num handle oid pk".split())
_GENERIC_ID_NAMES: Final = frozenset("id uuid guid slug ref reference key code number name title handle pk".split())
STAND_INS: Final = frozenset("slug code number reference ref".split())
"""Names of fields that may take the place of an identifier where there is none."""
_IRREGULAR: Final = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "series": "series",
    "species": "species",
    "movies": "movie",
    "cookies": "cookie",
    "calories": "calorie",
    "caches": "cache",
    "news": "news",
}


def words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a name, without accents: `userId`, `user_id` and `user-id` give (user, id)."""
    return _words(name[:MAX_NAME])


def plain(name: str) -> str:
    """Return the name without case and separators, so that `userId` and `user_id` are equal."""
    return "".join(words(name))


def singular(noun: str) -> str:
    """Return the singular of an English noun, well enough to match `categories` with `category`."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "xes", "ches", "shes", "tuses", "ruses")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3:
        return noun[:-1]
    return noun


def segments(path: str) -> tuple[str, ...]:
    """Return the segments of a path template."""
    return tuple(part for part in path.split("/") if part)


def is_template(segment: str) -> bool:
    """Whether the segment holds a parameter."""
    return "{" in segment


@lru_cache(maxsize=20_000)
def nouns(path: str) -> tuple[str, ...]:
    """Return the singular nouns of a path in order: `/api/v1/orders/{id}/items` gives (order, item)."""
    return tuple(noun for segment in segments(path) if (noun := _noun(segment)))


def noun_before(path: str, parameter: str) -> str:
    """Return the noun that a path parameter belongs to: the last one before it, or the path's last."""
    before = path.partition("{" + parameter + "}")[0]
    found = nouns(before) or nouns(path)
    return found[-1] if found else ""


def is_id_name(name: str) -> bool:
    """Whether a field or parameter of that name is likely to name one object."""
    parts = words(name)
    return bool(parts) and parts[-1] in _ID_WORDS


def is_token_name(name: str) -> bool:
    """Whether a parameter of that name carries a credential."""
    parts = set(words(name))
    if plain(name) in ("authorization", "apikey", "xapikey", "authtoken", "accesstoken", "token", "xtoken"):
        return True
    return bool({"token", "authorization"} & parts) and not parts & NO_CREDENTIAL and "page" not in parts


def is_password_name(name: str) -> bool:
    """Whether a field of that name takes a password."""
    parts = words(name)
    return not PASSWORD_WORDS.isdisjoint(parts) or "password" in "".join(parts)


def is_own_password_name(name: str) -> bool:
    """Whether a field of that name takes a person's password, and not the secret of a program that calls."""
    return is_password_name(name) and not _OF_PROGRAMS.issuperset(words(name))


def is_account_name(name: str) -> bool:
    """Whether a field of that name says whose account is meant."""
    flat = plain(name)
    return flat in ("name", "id", "identity") or any(mark in flat for mark in _ACCOUNT_MARKS)


def is_privileged_name(name: str) -> bool:
    """Whether a property of that name gives its bearer something; it is left out unless it is required."""
    return bool(_PRIVILEGED & set(words(name)))


def opens_up(name: str) -> bool:
    """Whether a property of that name says who else may see or change what bears it (`visibility`, `isPublic`)."""
    said = words(name)
    return not _OPENING.isdisjoint(said) or said[-1:] == ("public",)


def id_names(name: str, noun: str) -> tuple[str, ...]:
    """Return the plain names under which the value of an identifier slot may be known, best first.

    `id` below `orders` is known as `orderid`; `order_id` is known under its own name.
    """
    own = plain(name)
    if own in _GENERIC_ID_NAMES and noun:
        if own in ("uuid", "guid", "pk"):
            return (noun + own, noun + "id")
        return (noun + own,) if own == "id" else (noun + own, own)
    parts = words(name)
    if own == noun:
        return (own, noun + "id")
    if len(parts) < 3:
        return (own,)
    shorter, ends = plain("_".join(parts[-2:])), plain("_".join((parts[0], parts[-1])))
    return tuple(dict.fromkeys((own, shorter, ends)))


def known_as(key: str, noun: str) -> Iterator[str]:
    """Yield the plain names under which a value seen as `key` in an object of kind `noun` is kept."""
    own = plain(key)
    if own in _GENERIC_ID_NAMES and noun:
        yield noun + own
        if own in ("uuid", "guid", "pk") or own in STAND_INS:
            yield noun + "id"
    elif noun and own in (noun, "_id"):
        yield noun + "id"
    yield own


def names_of(operation: Operation) -> frozenset[str]:
    """Return the words of an operation's path and id, without its parameters."""
    fixed = [segment for segment in segments(operation.path) if not is_template(segment)]
    own = (operation.operation_id or "").rpartition(".")[2]
    return frozenset(word for name in (*fixed, own) for word in words(name))


def collection_path(path: str) -> str:
    """Return the path of the collection that a path belongs to, without its last parameter and its verbs."""
    parts = list(segments(path))
    while parts and (is_template(parts[-1]) or (len(parts) > 1 and set(words(parts[-1])) <= _VERBS)):
        parts.pop()
    return "/" + "/".join(parts)


def _noun(segment: str) -> str:
    if is_template(segment) or _VERSION.fullmatch(segment.lower()):
        return ""
    parts = [word for word in words(segment) if word not in _VERBS and word not in _NEUTRAL]
    return singular(parts[-1]) if parts else ""


# The bound is small, as guards ask for names that callers choose.
@lru_cache(maxsize=4_096)
def _words(name: str) -> tuple[str, ...]:
    if not name.isascii():
        spelled = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ł", "l"))
        name = "".join(char for char in spelled if not unicodedata.combining(char))
    return tuple(part.lower() for part in _BOUNDARY.split(name) if part)
