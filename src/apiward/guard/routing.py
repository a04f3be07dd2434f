"""The route table: which described operation a method and a path mean.

A path without parameters is found in one dictionary. The others stand in a tree with one level
per segment, so the time for a match depends on the length of the path, not on how many operations
there are. Concrete segments win over templated ones (OpenAPI 3.1, section 4.8.8.2); where the winner
does not know the method, the next path that fits and knows it is taken, as web frameworks do.
Paths are case-sensitive, and a trailing slash makes another path.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from apiward.core.api import Api, Operation
from apiward.guard.templates import Pattern, Segment, segments_of


class Match(NamedTuple):
    """What a method and a path mean. `operation` is None where nothing described fits.

    `arguments` are the values of the path parameters in the order of the template. `allowed` is
    filled only where the path is described and the method is not. `is_slash_apart` says that
    nothing fits, but would with one trailing slash more or less.
    """

    operation: Operation | None = None
    operation_key: str = ""
    arguments: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    is_slash_apart: bool = False


_Leaf: TypeAlias = dict[str, tuple[Operation, str]]
_Hit: TypeAlias = tuple[tuple[Operation, str], tuple[str, ...]]
_NOTHING: Final = Match()
_SLASH_APART: Final = Match(is_slash_apart=True)


@dataclass(slots=True)
class _Node:
    """One level of the tree. `leaf` holds the operations whose template ends here, by method."""

    literals: dict[str, "_Node"] = field(default_factory=dict)
    patterns: list[tuple[Pattern, "_Node"]] = field(default_factory=list)
    parameter: "_Node | None" = None
    rest: "_Node | None" = None
    leaf: _Leaf = field(default_factory=dict)

    def below(self, segment: Segment) -> "_Node":
        """Return the node that `segment` leads to, made where it is missing."""
        if isinstance(segment, str):
            return self.literals.setdefault(segment, _Node())
        if segment.is_rest:
            self.rest = self.rest or _Node()
            return self.rest
        if segment.is_whole:
            self.parameter = self.parameter or _Node()
            return self.parameter
        return self._pattern(segment)

    def _pattern(self, pattern: Pattern) -> "_Node":
        for known, node in self.patterns:
            if known.texts == pattern.texts:
                return node
        node = _Node()
        self.patterns.append((pattern, node))
        self.patterns.sort(key=lambda pair: -sum(map(len, pair[0].texts)))
        return node


class RouteTable:
    """All described operations, ready to be matched."""

    def __init__(self, api: Api) -> None:
        self._exact: dict[str, dict[str, Match]] = {}
        self._root = _Node()
        for operation in api.operations:
            self._add(operation)
        for methods in self._exact.values():
            if "GET" in methods:
                methods.setdefault("HEAD", methods["GET"])

    def _add(self, operation: Operation) -> None:
        segments = segments_of(operation.base_path + operation.path)
        method, key = operation.method.upper(), operation.key
        literals = [segment for segment in segments if isinstance(segment, str)]
        if len(literals) == len(segments):
            self._exact.setdefault("/".join(literals), {}).setdefault(method, Match(operation, key))
            return
        node = self._root
        for segment in segments:
            node = node.below(segment)
        node.leaf.setdefault(method, (operation, key))

    def match(self, method: str, path: str) -> Match:
        """Return what `method` on the decoded normal form of a path means. HEAD falls back on GET."""
        methods = self._exact.get(path)
        if methods is not None:
            match = methods.get(method)
            if match is not None:
                return match
        segments = path.split("/")
        hit = _straight(self._root, segments, method) or _find(self._root, segments, 0, method)
        if hit is None and method == "HEAD":
            hit = _find(self._root, segments, 0, "GET")
        if hit is not None:
            (operation, key), arguments = hit
            return tuple.__new__(Match, (operation, key, arguments, (), False))
        return self._unmatched(path, segments)

    def _unmatched(self, path: str, segments: list[str]) -> Match:
        allowed = self._methods(path, segments)
        if allowed:
            return Match(allowed=allowed)
        other = path[:-1] if path.endswith("/") else path + "/"
        return _SLASH_APART if self._methods(other, other.split("/")) else _NOTHING

    def _methods(self, path: str, segments: list[str]) -> tuple[str, ...]:
        methods = set(self._exact.get(path, ()))
        for leaf in _leaves(self._root, segments, 0):
            methods.update(leaf)
        if "GET" in methods:
            methods.add("HEAD")
        return tuple(sorted(methods))


def _straight(node: _Node, segments: list[str], method: str) -> _Hit | None:
    """Return what `_find` does, where the first way that it would try leads there: no other one is looked at."""
    arguments: list[str] = []
    for segment in segments:
        child = node.literals.get(segment)
        if child is None:
            child = node.parameter
            if child is None or node.patterns or not segment:
                return None
            arguments.append(segment)
        node = child
    found = node.leaf.get(method)
    return None if found is None else (found, tuple(arguments))


def _find(node: _Node, segments: list[str], at: int, method: str) -> _Hit | None:
    """Return the first operation below `node` that fits and knows `method`, with the arguments from `at` on."""
    if at == len(segments):
        found = node.leaf.get(method)
        return None if found is None else (found, ())
    segment = segments[at]
    child = node.literals.get(segment)
    if child is not None:
        hit = _find(child, segments, at + 1, method)
        if hit is not None:
            return hit
    if node.patterns:
        hit = _find_pattern(node, segments, at, method)
        if hit is not None:
            return hit
    if node.parameter is not None and segment:
        hit = _find(node.parameter, segments, at + 1, method)
        if hit is not None:
            return hit[0], (segment, *hit[1])
    if node.rest is not None and segment:
        found = node.rest.leaf.get(method)
        return None if found is None else (found, ("/".join(segments[at:]),))
    return None


def _find_pattern(node: _Node, segments: list[str], at: int, method: str) -> _Hit | None:
    for pattern, child in node.patterns:
        values = pattern.values(segments[at])
        if values is None:
            continue
        hit = _find(child, segments, at + 1, method)
        if hit is not None:
            return hit[0], values + hit[1]
    return None


def _leaves(node: _Node, segments: list[str], at: int) -> Iterator[_Leaf]:
    """Yield what stands at every template that fits, whatever the method."""
    if at == len(segments):
        yield node.leaf
        return
    segment = segments[at]
    if segment in node.literals:
        yield from _leaves(node.literals[segment], segments, at + 1)
    for pattern, child in node.patterns:
        if pattern.values(segment) is not None:
            yield from _leaves(child, segments, at + 1)
    if segment and node.parameter is not None:
        yield from _leaves(node.parameter, segments, at + 1)
    if segment and node.rest is not None:
        yield node.rest.leaf
