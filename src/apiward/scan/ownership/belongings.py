"""All objects of the scan's accounts, found by who owns them and by the names that an operation asks for.

A scan of a thousand operations makes thousands of objects: nothing here may look at all of them for each call.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator

from apiward.core.api import Operation
from apiward.core.jsonvalue import Json
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.spec.meaning import dangers, naming

_Ranked = tuple[int, OwnedObject]


class Belongings:
    """Objects in the order in which they are preferred, the last one most."""

    def __init__(self) -> None:
        self._all: deque[OwnedObject] = deque()
        self._lowest = 0
        self._highest = 0
        self._by_key: dict[tuple[str, str], list[_Ranked]] = defaultdict(list)
        self._latest: dict[tuple[str, str], _Ranked] = {}
        self._latest_ours: dict[tuple[str, str], _Ranked] = {}
        self._kin: dict[tuple[str, str, bool], list[OwnedObject]] = defaultdict(list)
        self._marks: dict[str, set[str]] = defaultdict(set)

    def append(self, target: OwnedObject) -> None:
        """Add an object that later calls prefer to those before it."""
        self._highest += 1
        self._all.append(target)
        self._note(self._highest, target)

    def prepend(self, targets: Iterable[OwnedObject]) -> None:
        """Add objects that later calls use only where no other fits; among themselves, the last one first."""
        for target in reversed(list(targets)):
            self._lowest -= 1
            self._all.appendleft(target)
            self._note(self._lowest, target)

    def __iter__(self) -> Iterator[OwnedObject]:
        return iter(self._all)

    def __reversed__(self) -> Iterator[OwnedObject]:
        return reversed(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def within_reach(self, owner: str, operation: Operation) -> list[OwnedObject]:
        """Return the objects of `owner` that the operation may be able to point at, the preferred ones first."""
        found = {id(t): (rank, t) for key in objects.keys_wanted(operation) for rank, t in self._by_key_of(owner, key)}
        return [target for _, target in sorted(found.values(), key=lambda pair: -pair[0])]

    def latest(self, owner: str, names: tuple[str, ...], *, is_to_change: bool = False) -> tuple[Json, ...]:
        """Return the values that the most preferred object of `owner` has under the first of `names` it knows.

        With `is_to_change`, objects that were there before the scan are left out.
        """
        latest = self._latest_ours if is_to_change else self._latest
        held = [pair for name in names if (pair := latest.get((owner, name)))]
        if not held:
            return ()
        _, target = max(held, key=lambda pair: pair[0])
        return next(target.names[name] for name in names if target.names.get(name))

    def kin(self, owner: str, target: OwnedObject) -> list[OwnedObject]:
        """Return the objects of `owner` that are of the same kind as `target`, oldest first."""
        return self._kin.get((owner, target.noun, target.is_account), [])

    def others_own(self, marks: frozenset[str], *names: str) -> bool:
        """Whether one of `marks` stands in an object of somebody else than the accounts of those names."""
        return any(not own.isdisjoint(marks) for owner, own in self._marks.items() if owner not in names)

    def _by_key_of(self, owner: str, key: str) -> list[_Ranked]:
        return self._by_key.get((owner, key), [])

    def _note(self, rank: int, target: OwnedObject) -> None:
        owner = target.owner
        self._marks[owner] |= target.marks
        self._kin[owner, target.noun, target.is_account].append(target)
        for key in objects.keys_of(target):
            self._by_key[owner, key].append((rank, target))
        for name, values in target.names.items():
            for latest in (self._latest, *([] if target.is_found else [self._latest_ours])):
                before = latest.get((owner, name))
                if values and (before is None or before[0] < rank):
                    latest[owner, name] = (rank, target)


class Signposts:
    """The operations of an API, found by the objects that they may be able to point at, or may list."""

    def __init__(self, operations: tuple[Operation, ...], is_for_staff: Callable[[Operation], bool]) -> None:
        self._operations = operations
        self._is_for_staff = is_for_staff
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._lists: dict[tuple[str, str], list[Operation]] = {}
        for place, operation in enumerate(operations):
            for key in objects.keys_wanted(operation):
                self._by_key[key].append(place)

    def to(self, target: OwnedObject) -> list[Operation]:
        """Return the operations that may be able to point at `target`, in described order."""
        places = {place for key in objects.keys_of(target) for place in self._by_key.get(key, ())}
        return [self._operations[place] for place in sorted(places)]

    def lists_of(self, target: OwnedObject) -> list[Operation]:
        """Return the operations that may list the target's kind of thing: its own collection first."""
        kind = (target.collection, target.noun)
        if kind not in self._lists:
            self._lists[kind] = list(self._found_lists(*kind))
        return self._lists[kind]

    def _found_lists(self, collection: str, noun: str) -> Iterator[Operation]:
        reads = [op for op in self._operations if op.method == "GET" and not op.path.endswith("}")]
        yield from (op for op in reads if _own_path(op) == collection)
        for op in reads:
            is_kin = _own_path(op) != collection and "{" not in op.path and noun in naming.nouns(op.path)
            if is_kin and not dangers.danger(op) and not self._is_for_staff(op):
                yield op


def _own_path(operation: Operation) -> str:
    return operation.base_path + operation.path.rstrip("/")
