"""What a scan leaves in the API, and whose it is: the guard may take that over as known.

Only what accounts of the scan have made themselves counts. What was there before may be shared with people of whom the
scan knows nothing, and what staff makes may be meant for everybody.
"""

import re
from collections.abc import Iterator
from typing import Final

from apiward.core.account import Account
from apiward.core.api import Operation
from apiward.core.objects import KnownObject
from apiward.scan.calling.arguments import Arguments, text_of
from apiward.scan.identities.sessions import Session
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.scene import Scene

MOST: Final = 1_000
_NAMING: Final = ("id", "user_id", "uuid", "sub", "email", "username", "login", "handle")
_PARAMETER: Final = re.compile(r"\{([^{}/]*)\}")


def objects_left(scene: Scene) -> tuple[KnownObject, ...]:
    """Return the objects that accounts of the scan have made and that are still there, last made first."""
    sessions = {session.name: session for session in (*scene.users, *scene.spares) if session not in scene.closed}
    found: dict[tuple[str, str], KnownObject] = {}
    for target in reversed(scene.objects):
        session = sessions.get(target.owner)
        if session is None or target.maker is None or not target.maker.has_address or target in scene.gone:
            continue
        for collection, id_ in _places(target, scene.views_found(target)):
            found.setdefault((collection, id_), KnownObject(collection, id_, _names(session)))
        if len(found) >= MOST:
            break
    return tuple(found.values())


def names_of(account: Account) -> tuple[str, ...]:
    """Return the names under which an account calls: its log-in, and what the API says of it."""
    facts = {key.lower(): value for key, value in account.facts.items()}
    said = (facts.get(key) for key in _NAMING)
    texts = [str(value) for value in said if isinstance(value, str | int) and not isinstance(value, bool)]
    return tuple(dict.fromkeys(text for text in (account.username, *texts) if text))


def _names(session: Session) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names_of(session.account), *sorted(session.own_names))))


def _places(target: OwnedObject, views: list[tuple[Operation, Arguments]]) -> Iterator[tuple[str, str]]:
    """Yield under which paths, and as which id, an object is reached: where it was made, and where it was shown."""
    own = tuple(next((target.names[key] for key in _id_keys(target) if target.names.get(key)), ()))
    if own and target.sent is not None:
        parents = _texts(target.collection, target.sent)
        yield from _place(target.collection, [*parents, text_of(own[0])])
    values = {text_of(value) for name in _id_keys(target) for value in target.names.get(name, ())}
    for operation, arguments in views:
        if not operation.has_address:
            continue
        head, _, last = f"{operation.base_path}{operation.path}".rstrip("/").rpartition("/")
        texts = _texts(operation.path, arguments)
        if _PARAMETER.fullmatch(last) and texts and texts[-1] in values:
            yield from _place(head, texts)


def _texts(path: str, sent: Arguments) -> list[str]:
    """Return what was sent for the parameters of a path, from left to right; an empty text for none."""
    return [text_of(sent.path.get(name)) for name in _PARAMETER.findall(path)]


def _place(collection: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    plain = _PARAMETER.sub("{}", collection.rstrip("/"))
    if plain.count("{}") == len(ids) - 1 and all(ids) and not any("/" in one for one in ids):
        yield plain, "/".join(ids)


def _id_keys(one: OwnedObject) -> tuple[str, ...]:
    return (f"{one.noun}id", f"{one.noun}uuid", f"{one.noun}slug", "id", "uuid", "slug", one.noun)
