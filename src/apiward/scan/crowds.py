"""Lists too long to show everything: what they leave out may be public all the same."""

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson, walk
from apiward.scan import objects, roles
from apiward.scan.belongings import Belongings
from apiward.scan.objects import OwnedObject
from apiward.scan.sightings import Sightings


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
        seen = [self._sightings.get(op.key, target.owner) for op in self._lists.get(target.collection, ())]
        answers = [exchange for exchange in seen if exchange is not None and exchange.is_success]
        kin = [other for other in self._belongings.kin(target.owner, target) if other.maker is target.maker]
        is_found = any(objects.shows(other, exchange) for exchange in answers for other in kin)
        return not is_found and any(_has_entries(exchange) for exchange in answers)


def _lists_by_collection(operations: tuple[Operation, ...]) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for operation in operations:
        if operation.method == "GET" and "{" not in operation.path and not roles.danger(operation):
            found.setdefault((operation.base_path + operation.path).rstrip("/"), []).append(operation)
    return found


def _has_entries(exchange: Exchange) -> bool:
    body = exchange.response.json() if exchange.response else None
    if body is None or isinstance(body, NotJson):
        return False
    return any(isinstance(node, list) and any(isinstance(item, dict) for item in node) for _, node in walk(body))
