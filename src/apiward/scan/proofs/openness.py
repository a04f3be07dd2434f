"""Whether what accounts make is open to all on purpose: to read it, or to comment on it, is no weakness then.

Descriptions cannot tell: of an operation that anybody may call, and that says more to those who are logged in, most
frameworks write that it needs a log-in.
"""

from typing import Final

from apiward.classify.fields import classify_json
from apiward.classify.kinds import Kind
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.scene import Scene

MAX_OBJECTS: Final = 2
_SHOWN_OPENLY: Final = frozenset({Kind.NAME, Kind.ADDRESS, Kind.GEO, Kind.IP_ADDRESS})
"""Personal, and yet in much that is published: who wrote an article, where a shop stands."""


async def is_open(scene: Scene, target: OwnedObject, owner: Session, stranger: Session | None) -> bool:
    """Whether a list shows the object to the stranger, or anybody may read it without a log-in.

    It is asked now: what was seen when the scan looked around says nothing of what was made since.
    """
    for operation, arguments in await scene.views(target, owner):
        if _is_list(operation, arguments):
            seen = await scene.call(operation, scene.arguments(operation, stranger), stranger)
        else:
            seen = await scene.call(operation, arguments)
        if objects.shows(target, seen):
            return True
    return False


async def is_kept_back(scene: Scene, target: OwnedObject, owner: Session, stranger: Session | None) -> bool:
    """Whether a list shows the object to its owner, and answers the stranger without it."""
    if stranger is None or scene.is_hidden_in_a_crowd(target):
        return False
    lists = [operation for operation, arguments in await scene.views(target, owner) if _is_list(operation, arguments)]
    asked = [await scene.call(one, scene.arguments(one, stranger), stranger) for one in lists]
    answers = [answer for answer in asked if judging.is_accepted(answer)]
    return bool(answers) and not any(objects.shows(target, answer) for answer in answers)


async def shows_private(scene: Scene, exchange: Exchange, owner: Session) -> bool:
    """Whether an answer holds what is nobody's business: data of people, or what a list keeps for its owner alone."""
    if is_of_people(exchange):
        return True
    marks = objects.marks_in(exchange.text)
    shown = [one for one in scene.owned_by(owner) if not one.is_account and one.marks & marks]
    for target in shown[:MAX_OBJECTS]:
        if await is_kept_back(scene, target, owner, scene.peer):
            return True
    return False


def is_of_people(exchange: Exchange) -> bool:
    """Whether an answer holds data of people that nobody publishes, means of payment, or secrets."""
    kinds = kinds_in(exchange) - _SHOWN_OPENLY
    return any(kind.is_personal or kind.is_payment or kind.is_secret for kind in kinds)


def kinds_in(exchange: Exchange) -> set[Kind]:
    """Return what kinds of data an answer holds."""
    body = exchange.response.json() if exchange.response else None
    return set() if body is None or isinstance(body, NotJson) else {found.kind for found in classify_json(body)}


def _is_list(operation: Operation, arguments: Arguments) -> bool:
    return "{" not in operation.path and not arguments.query
