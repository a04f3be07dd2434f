"""Paths as a tree: fixed parts, and parts that are values. What is a value is told by its look, or by what it does.

A part that looks like an id (a number, a UUID, a date, …) is a value at once. A word is taken for a fixed part, until
it is known better: answers name it as the value of a property, or many words beside it lead to the same.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Final

from apiward.core.jsonvalue import Json, NotJson, leaves
from apiward.core.observation import Observation
from apiward.spec.learning import room
from apiward.spec.learning.nodes import MOST_DEPTH, Node
from apiward.spec.learning.operations import Part, Seen
from apiward.spec.learning.peaks import rounded_up
from apiward.spec.learning.scalars import Classify, Digest, Witness
from apiward.spec.learning.tallies import ENOUGH_CALLERS
from apiward.spec.learning.texts import IDENTIFYING, Look, has_inner_capital, is_odd_word, is_value_like, look_of

MAKE_ROOM_EVERY: Final = 1_000
"""Requests between two tries to make room, so that a flood of odd paths costs little."""
MOST_FIXED: Final = 60
"""Fixed parts beside one another; with more, those that hardly came are taken for values."""
MOST_KNOWN: Final = 20_000
"""Texts of answers that are remembered, to be known again in paths. They are never written down."""
MOST_TOLD: Final = 400
_TEMPLATED: Final = re.compile(r"\{[^{}]*\}")
_ENDING: Final = re.compile(r"(.+?)(\.[A-Za-z][A-Za-z0-9]{1,4}|:[A-Za-z]{2,30})")
_WORDS_NAMED: Final = 3
_VALUES_NAMED: Final = 2
_VALUES_ALIKE: Final = 6
_WORDS_ALIKE: Final = 24
_ALIKE: Final = 0.5
_RARE: Final = 10
_CODES: Final = frozenset({Look.NAME, Look.TOKEN, Look.WORD})


class PathTree:
    """All paths that were seen, with their operations. Digests and kinds of data are given by who makes it."""

    def __init__(self, digest: Digest, classify: Classify) -> None:
        self.root = Node()
        self._digest = digest
        self._classify = classify
        self._known: OrderedDict[str, str] = OrderedDict()
        self._left = room.MOST_NODES
        self._places = room.MOST_PLACES
        self._wait = 0

    def add(self, seen: Observation, caller: int) -> bool:
        """Take in a request that went well; return whether it brought anything new."""
        self._wait -= 1
        if self.is_full and self._wait <= 0:
            self._make_room()
        told = self._told(seen.answer)
        node = self._node(seen, caller, told)
        if node is None:
            return False
        known = node.operations.get(seen.method)
        if known is None:
            if self._places < room.OPERATION or len(node.operations) >= room.MOST_METHODS:
                return False
            known = node.operations[seen.method] = Seen()
            self._places -= room.OPERATION
        callers = len(known.crowd)
        self._places -= known.add(seen, caller, self._digest, self._classify, self._places)
        return not known.quiet or len(known.crowd) > callers

    @property
    def is_full(self) -> bool:
        """Whether there is no room for what is new."""
        return self._left <= 0 or self._places < room.OPERATION

    def find(self, method: str, path: str) -> Seen | None:
        """Return what is known of the operation that a request means, or None. Cheap, and changes nothing."""
        node = self.root
        for part in path.split("/")[1:]:
            below = node.fixed.get(part) or node.values.get("") or node.values.get(ending_of(part) or "")
            if below is None:
                return None
            node = below
        return node.operations.get(method)

    def take(self, other: Node) -> None:
        """Take in the tree of another worker; what is only together a value, becomes one."""
        self.root.join(other)
        self.settle()
        room.fit(self.root)
        self._count()

    def _make_room(self) -> None:
        self._wait = MAKE_ROOM_EVERY
        room.make(self.root)
        self._count()

    def _count(self) -> None:
        self._left, self._places = room.left(self.root)

    def settle(self) -> None:
        """Look once more at all parts that are taken for fixed ones."""
        self._settle_below(self.root)

    def operations(self) -> Iterator[tuple[tuple[tuple[str, Node], ...], str, Seen]]:
        """Yield the way to each operation (part or ending, with its node), its method, and what was seen of it."""
        waiting: list[tuple[tuple[tuple[str, Node], ...], Node]] = [((), self.root)]
        while waiting:
            way, node = waiting.pop()
            for method, seen in node.operations.items():
                yield way, method, seen
            below = [(part, child) for part, child in node.fixed.items()]
            below += [(f"{{}}{ending}", child) for ending, child in node.values.items()]
            waiting += [((*way, (part, child)), child) for part, child in reversed(below)]

    def _node(self, seen: Observation, caller: int, told: dict[str, str]) -> Node | None:
        node = self.root
        parts = seen.path.split("/")[1:]
        template = seen.template.split("/")[1:] if seen.template else []
        if len(parts) > MOST_DEPTH:
            return None
        for at, part in enumerate(parts):
            named = told.get(part) or self._known.get(part, "")
            if len(template) == len(parts):
                below = self._as_described(node, template[at])
            else:
                below = self._below(node, part, named)
            if below is None:
                return None
            below.count += 1
            if below in node.values.values():
                below.argument.add("", part, Witness(caller, self._digest, self._classify, 1))
            elif named and not below.named:
                below.named = named
                self._settle(node)
                below = node.fixed.get(part) or node.values.get("") or below
            node = below
        return node

    def _as_described(self, node: Node, part: str) -> Node | None:
        if "{" not in part:
            return self._made(node.fixed, part)
        return self._made(node.values, _TEMPLATED.sub("", part))

    def _below(self, node: Node, part: str, named: str) -> Node | None:
        below = node.fixed.get(part)
        if below is not None:
            return below
        ending = ending_of(part)
        if ending is not None:
            return self._made(node.values, ending)
        varying = node.values.get("")
        if varying is not None and varying.named and varying.named == named:
            return varying
        if len(node.fixed) >= MOST_FIXED:
            self._thin(node)
        below = self._made(node.fixed, part)
        if below is not None and len(node.fixed) % 6 == 0:
            self._settle(node)
            below = node.fixed.get(part) or node.values.get("") or below
        return below

    def _made(self, nodes: dict[str, Node], key: str) -> Node | None:
        node = nodes.get(key)
        if node is None and self._left > 0:
            self._left -= 1
            node = nodes[key] = Node()
        return node

    def _settle_below(self, node: Node) -> None:
        self._settle(node)
        for below in (*node.fixed.values(), *node.values.values()):
            self._settle_below(below)

    def _settle(self, node: Node) -> None:
        """Take fixed parts for values where what they do shows that they are."""
        parts = [part for part in node.fixed if look_of(part) not in {Look.VERSION, Look.EMPTY}]
        varying = node.values.get("")
        for property_name in {node.fixed[part].named for part in parts} - {""}:
            named = [part for part in parts if node.fixed[part].named == property_name]
            is_joining = varying is not None and varying.named in {property_name, ""}
            for group in _groups(node, named):
                needed = _VALUES_NAMED if all(map(is_value_like, group)) else _WORDS_NAMED
                if is_joining and varying is not None and _is_alike(varying, node.fixed[group[0]]):
                    needed = 1
                if len(group) >= needed:
                    self._absorb(node, group, property_name)
        rest = [part for part in parts if part in node.fixed]
        for group in _groups(node, rest, is_strict=True):
            if len(group) >= _WORDS_ALIKE:
                self._absorb(node, group, "")
                continue
            value_like = [part for part in group if is_value_like(part)]
            if len(value_like) >= _VALUES_ALIKE or self._does_as_values(node, value_like):
                self._absorb(node, value_like, "")
            codes = [part for part in group if part in node.fixed and _is_like_codes(node, part)]
            if self._does_as_values(node, codes):
                self._absorb(node, codes, "")

    def _does_as_values(self, node: Node, parts: list[str]) -> bool:
        """Whether parts that look like values do what the values beside them do, whatever these look like."""
        varying = node.values.get("")
        return varying is not None and any(_does_as(varying, node.fixed[part]) for part in parts[:1])

    def _thin(self, node: Node) -> None:
        """Make room: what hardly came is taken for values."""
        self._settle(node)
        if len(node.fixed) >= MOST_FIXED:
            rare = sorted(node.fixed, key=lambda part: node.fixed[part].count)[: MOST_FIXED // 2]
            self._absorb(node, rare, "")

    def _absorb(self, node: Node, parts: Iterable[str], property_name: str) -> None:
        varying = node.values.setdefault("", Node())
        varying.named = varying.named or property_name
        for part in list(parts):
            below = node.fixed.pop(part)
            # who asked for it is not known any more, so the argument is shown by nobody: that only makes it less sure
            below.argument.add("", part, Witness(0, self._digest, self._classify, 1))
            varying.join(below)
        self._settle_below(varying)
        self._left = room.MOST_NODES - self.root.size()

    def _told(self, answer: Json | NotJson) -> dict[str, str]:
        """Return the short texts of an answer with the property that each stands in, and remember them."""
        if isinstance(answer, NotJson):
            return {}
        told: dict[str, str] = {}
        for count, (pointer, leaf) in enumerate(leaves(answer)):
            if count >= MOST_TOLD:
                break
            if isinstance(leaf, str) and 2 <= len(leaf) <= 100 and "/" not in leaf:
                name = next((step for step in reversed(pointer) if isinstance(step, str)), "")
                told.setdefault(leaf, name)
                self._known.pop(leaf, None)
                self._known[leaf] = name
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return told


def ending_of(part: str) -> str | None:
    """Return what follows a value that is one by its look (`7.json` gives `.json`), or None where it is none."""
    if look_of(part) in IDENTIFYING:
        return ""
    found = _ENDING.fullmatch(part)
    if found and look_of(found[1]) in IDENTIFYING:
        return found[2]
    return None


def _is_like_codes(node: Node, part: str) -> bool:
    """Whether a word is as long as the codes beside it, is written like one, and hardly came beside them.

    A capital within it is enough. Where another look must do, it counts only while few callers have shown it: an id is
    its owner's, a fixed part is everybody's.
    """
    varying, word = node.values.get(""), node.fixed[part]
    texts = varying.argument.texts if varying is not None else None
    if varying is None or texts is None or word.count * _RARE > varying.count:
        return False
    is_as_long = _CODES >= texts.looks.keys() != {Look.WORD} and rounded_up(len(part)) == texts.lengths.agreed
    return is_as_long and (has_inner_capital(part) or (is_odd_word(part) and _is_shown_by_few(word)))


def _is_shown_by_few(node: Node) -> bool:
    return all(len(seen.crowd) < ENOUGH_CALLERS for seen in node.operations.values())


def _groups(node: Node, parts: list[str], *, is_strict: bool = False) -> list[list[str]]:
    """Return the parts in groups that do alike."""
    groups: list[list[str]] = []
    for part in parts:
        for group in groups:
            if _is_alike(node.fixed[group[0]], node.fixed[part], is_strict=is_strict):
                group.append(part)
                break
        else:
            groups.append([part])
    return groups


def _is_alike(one: Node, other: Node, *, is_strict: bool = False) -> bool:
    """Whether two nodes do the same: the same methods with like bodies and answers, or the same parts below."""
    methods = one.operations.keys() & other.operations.keys()
    if not methods and not _shares_below(one, other):
        is_open = not one.operations or not other.operations
        return is_open and not is_strict
    is_same = all(_is_like(one.operations[method], other.operations[method]) for method in methods)
    return is_same and (not is_strict or other.operations.keys() <= one.operations.keys())


def _does_as(varying: Node, other: Node) -> bool:
    """Whether a node does nothing but what a well-known one does; few requests may hold few of the properties."""
    methods = other.operations.keys()
    if not methods <= varying.operations.keys() or not (methods or _shares_below(varying, other)):
        return False
    return all(_is_like(varying.operations[one], other.operations[one], is_part=True) for one in methods)


def _shares_below(one: Node, other: Node) -> bool:
    return bool(one.fixed.keys() & other.fixed.keys() or one.values.keys() & other.values.keys())


def _is_like(one: Seen, other: Seen, *, is_part: bool = False) -> bool:
    """Whether two operations have half of their property names in common, or of the smaller body where `is_part`."""
    for mine, theirs, is_least in ((_names(one.answers), _names(other.answers), False),
                                   (_names(one.bodies), _names(other.bodies), is_part)):  # fmt: skip
        whole = min(len(mine), len(theirs)) if is_least else len(mine | theirs)
        if mine and theirs and len(mine & theirs) < _ALIKE * whole:
            return False
    return True


def _names(parts: dict[str, Part]) -> frozenset[str]:
    found: set[str] = set()
    for part in parts.values():
        found |= part.shape.paths()
    return frozenset(found)
