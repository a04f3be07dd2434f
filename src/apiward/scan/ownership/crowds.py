"""Lists too long to show everything: what they leave out may be public all the same."""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, walk
from apiward.scan.ownership.belongings import Belongings
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.ownership.sightings import Sightings
from apiward.spec.meaning import dangers


class Crowds:
    """Tells whether the owner of an object finds it, or any of its kind that are its own, in its list."""

    def __init__(self, operations: tuple[Operation, ...], belongings: Belongings, sightings: Sightings) -> None:
        self._lists = _lists_by_collection(operations)
        self._belongings = belongings
        self._sightings = sightings

    def hide(self, target: OwnedObject) -> bool:
        """Whether a list of such objects has entries, and not one that its owner has made.

        Then nothing follows from a stranger not seeing the object there: it may stand on another page.
        """
        lists = [op.key for op in self._lists.get(target.collection, ())]
        kin = [other for other in self._belongings.kin(target.owner, target) if other.maker is target.maker]
        if any(self._sightings.is_at(key, target.owner, other) for key in lists for other in kin):
            return False
        seen = [self._sightings.get(key, target.owner) for key in lists]
        return any(_has_entries(exchange) for exchange in seen if exchange is not None and exchange.is_success)


def _lists_by_collection(operations: tuple[Operation, ...]) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for operation in operations:
        if operation.method == "GET" and "{" not in operation.path and not dangers.danger(operation):
            found.setdefault((operation.base_path + operation.path).rstrip("/"), []).append(operation)
    return found


def _has_entries(exchange: Exchange) -> bool:
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return False
    return any(isinstance(node, list) and any(isinstance(item, dict) for item in node) for _, node in walk(body))
