"""One value of a rule with its modifiers, as a test of a field."""

import base64
import ipaddress
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from apiward.core.event import Event
from apiward.core.jsonvalue import Json
from apiward.watch.sigma.fields import Getter, Value, getter
from apiward.watch.sigma.patterns import (
    Pattern,
    expanded_dashes,
    has_wild,
    matcher,
    parsed,
    plain_text,
    regex_test,
    surrounded,
)

Predicate: TypeAlias = Callable[[Event], bool]
Check: TypeAlias = Callable[[Value], bool]

PLACING: Final = frozenset({"contains", "startswith", "endswith"})
ENCODING: Final = frozenset({"wide", "utf16le", "utf16be", "base64", "base64offset", "windash"})
COMPARING: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
}
FLAGS: Final = {"i": "i", "ignorecase": "i", "m": "m", "multiline": "m", "s": "s", "dotall": "s"}
ALONE: Final = frozenset({"re", "cidr", "exists", "fieldref", *COMPARING})
KNOWN: Final = (*sorted(PLACING), "all", "cased", *sorted(ALONE), *sorted(ENCODING), "i", "m", "s")
REFUSED: Final[Mapping[str, str]] = {
    "expand": "apiward has no lists to put in the place of %names%. Write the values out.",
    "utf16": "Write wide or utf16be instead: no text of an event begins with a byte order mark.",
    "neq": "Write the value in a selection of its own, and `not` before it in the condition.",
    **dict.fromkeys(
        ("minute", "hour", "day", "week", "month", "year"), "Times of day are not told apart. Leave the line out."
    ),
}
_CUTS: Final = (None, -3, -2)


class ValueProblem(ValueError):  # noqa: N818 - it says what it is
    """A value that cannot be used: what is wrong, and what to do."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What follows the name of a field: `path|contains|all`."""

    names: tuple[str, ...]

    @property
    def is_all(self) -> bool:
        """Whether all values must match, not one of them."""
        return "all" in self.names

    def check(self) -> None:
        """Raise ValueProblem where they do not go together, or one is unknown."""
        for name in self.names:
            if name in REFUSED:
                raise ValueProblem(f"The modifier {name} is not supported.", REFUSED[name])
            if name not in KNOWN and name not in FLAGS:
                raise ValueProblem(f"There is no modifier {name[:40]!r}.", f"There are {', '.join(KNOWN)}.")
        if len(set(self.names)) < len(self.names):
            raise ValueProblem("A modifier stands twice here.", "Write it once.")
        alone = [name for name in self.names if name in ALONE]
        allowed = {"all", *alone[:1]}
        if alone[:1] == ["re"]:
            allowed |= set(FLAGS)
        elif alone[:1] == ["fieldref"]:
            allowed |= PLACING
        others = [name for name in self.names if name not in allowed]
        if alone and others:
            raise ValueProblem(f"{alone[0]} does not go with {others[0]}.", "Write two lines, or leave one out.")
        if not alone and FLAGS.keys() & set(self.names):
            raise ValueProblem("The modifiers i, m and s belong to re.", "Write re before them.")

    def test(self, value: Json) -> Check:
        """Return the test of one value. Raises ValueProblem."""
        kind = next((name for name in self.names if name in ALONE), "")
        if kind == "re":
            return self._regex(value)
        if kind == "cidr":
            return _network(value)
        if kind == "exists":
            return _existence(value)
        if kind in COMPARING:
            return _comparison(kind, value)
        if value is None or isinstance(value, bool):
            changing = next((name for name in self.names if name in PLACING | ENCODING), "")
            if changing:
                raise ValueProblem(f"{changing} takes a text.", "Put the value into quotes.")
            return _is_absent if value is None else _boolean(value)
        value = int(value) if isinstance(value, float) and value.is_integer() else value
        return _number(value) if isinstance(value, int) and not self.names else self._texts(value)

    def reference(self, value: Json, field: Getter) -> Predicate:
        """Return the test that compares a field with another one. Raises ValueProblem."""
        name = value if isinstance(value, str) else ""
        other = getter(name)
        if other is None:
            raise ValueProblem(f"No event has a field {name[:60]!r}.", "See: apiward rules fields")
        compare = _COMPARED[next((one for one in self.names if one in PLACING), "")]

        def test(event: Event) -> bool:
            left, right = field(event), other(event)
            return left is not None and right is not None and compare(str(left).lower(), str(right).lower())

        return test

    def _regex(self, value: Json) -> Check:
        if not isinstance(value, str):
            raise ValueProblem("A regular expression must be a text.", "Put it into quotes.")
        flags = "".join(sorted({FLAGS[name] for name in self.names if name in FLAGS}))
        try:
            test = regex_test(value, flags)
        except ValueError as error:
            advice = "Patterns are those of RE2: none looks ahead or behind, or refers back."
            raise ValueProblem(f"The regular expression cannot be used: {error}.", advice) from None
        return lambda found: found is not None and test(str(found))

    def _texts(self, value: Json) -> Check:
        if not isinstance(value, str | int | float):
            raise ValueProblem("A value must be a text, a number, true, false or null.", "Write a list of values.")
        if value == "":
            raise ValueProblem("An empty text never matches: what is empty is not kept.", "Write null instead.")
        tests = [matcher(one, is_cased="cased" in self.names) for one in self._patterns(str(value))]
        if len(tests) > 1:
            return lambda found: found is not None and any(test(str(found)) for test in tests)
        only = tests[0]
        return lambda found: found is not None and only(found if isinstance(found, str) else str(found))

    def _patterns(self, text: str) -> Sequence[Pattern]:
        patterns: Sequence[Pattern] = (parsed(text),)
        for name in self.names:
            if name in ENCODING:
                patterns = [made for one in patterns for made in _encoded(name, one)]
            elif name in PLACING:
                before, after = name in {"contains", "endswith"}, name in {"contains", "startswith"}
                patterns = [surrounded(one, before=before, after=after) for one in patterns]
        return patterns


def _number(value: int) -> Check:
    text = str(value)
    return lambda found: found == value or found == text  # noqa: PLR1714 - a tuple would be made each time


def _encoded(name: str, pattern: Pattern) -> Sequence[Pattern]:
    if name == "windash":
        try:
            return expanded_dashes(pattern)
        except ValueError as error:
            raise ValueProblem(f"{error}.", "Split the value in two.") from None
    if has_wild(pattern):
        raise ValueProblem(f"{name} cannot encode a wildcard.", "Take it out, and write contains after it.")
    text = plain_text(pattern) or ""
    if name in _WIDE:
        if not text.isascii():
            raise ValueProblem(f"{name} takes plain letters only.", "Use another sign.")
        return ((text.encode(_WIDE[name]).decode("latin-1"),),)
    data = text.encode("utf-8")
    if name == "base64":
        return ((base64.b64encode(data).decode(),),)
    return tuple(_shifted(data, shift) for shift in range(3))


_WIDE: Final = {"wide": "utf-16-le", "utf16le": "utf-16-le", "utf16be": "utf-16-be"}


def _shifted(data: bytes, shift: int) -> Pattern:
    coded = base64.b64encode(b" " * shift + data).decode()
    return (coded[(0, 2, 3)[shift] : _CUTS[(len(data) + shift) % 3]],)


def _network(value: Json) -> Check:
    try:
        network = ipaddress.ip_network(str(value), strict=True)
    except ValueError as error:
        raise ValueProblem(f"{str(value)[:60]!r} is no network: {error}.", "Write it as in 192.0.2.0/24.") from None

    def test(found: Value) -> bool:
        try:
            return ipaddress.ip_address(str(found)) in network
        except ValueError:
            return False

    return test


def _existence(value: Json) -> Check:
    if not isinstance(value, bool):
        raise ValueProblem("exists takes true or false.", "Write it without quotes.")
    return (lambda found: found is not None) if value else _is_absent


def _comparison(kind: str, value: Json) -> Check:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueProblem(f"{kind} takes a number.", "Write it without quotes.")
    compare, bound = COMPARING[kind], value
    return lambda found: isinstance(found, int) and compare(found, bound)


def _boolean(value: bool) -> Check:  # noqa: FBT001 - it is the value itself
    words = ("true", "1") if value else ("false", "0")
    return lambda found: found is not None and str(found).lower() in words


def _is_absent(found: Value) -> bool:
    return found is None


_COMPARED: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "": lambda left, right: left == right,
    "contains": lambda left, right: right in left,
    "startswith": lambda left, right: left.startswith(right),
    "endswith": lambda left, right: left.endswith(right),
}
