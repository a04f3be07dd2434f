"""A path that is served, with all that was found out about it, and the samples that tell it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from apiward.core.api import Body, Operation
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.schema import Schema
from apiward.spec.discovery.clues import Clue
from apiward.spec.discovery.scripts import FORM, JSON
from apiward.spec.discovery.words import NOWHERE, UNKNOWN
from apiward.spec.meaning import accounts, naming
from apiward.spec.meaning.failures import says_failure
from apiward.spec.samples.sample import Sample

TOLD: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_SENDING: Final = frozenset({"POST", "PUT", "PATCH"})
_MADE_BY_API: Final = frozenset("id uuid guid created updated deleted at owner author user url href links etag".split())
_TEXT: Final = Schema(types=("string",))
_PASSWORDS: Final = Schema(types=("object",), properties=MappingProxyType({"username": _TEXT, "password": _TEXT}))
_ADDRESS: Final = Schema(types=("object",), properties=MappingProxyType({"email": _TEXT}))


@dataclass(slots=True)
class Route:
    """One path template. `path` is an example of it, `answer` what its GET gave where it gave something."""

    template: str
    path: str
    methods: set[str] = field(default_factory=set)
    status: int = 0
    answer: Json | NotJson = NOT_JSON
    answer_type: str = ""
    is_page: bool = False
    value_name: str = ""
    query: dict[str, None] = field(default_factory=dict)
    sent: dict[str, tuple[str, Json | NotJson]] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether strangers are turned away."""
        return self.status in {401, 403}

    def tell(self, clue: Clue) -> None:
        """Take in what a clue says of it."""
        if clue.method in TOLD:
            self.methods.add(clue.method)
            self.is_page &= clue.method != "GET" or self.status < 400
        if clue.body_type and clue.method and clue.method not in self.sent:
            self.sent[clue.method] = (clue.body_type, clue.body)
        if clue.method in {"GET", ""}:
            self.query.update(dict.fromkeys(clue.query))

    def samples(
        self, others: Mapping[str, "Route"], names: frozenset[str], *, is_anonymous: bool = True
    ) -> Iterator[Sample]:
        """Yield a sample for each of its operations. `names` are the names of fields that answers have shown."""
        template, path = _named(self.template, others), _shown(self.template, self.path)
        for method in sorted(self.methods & TOLD or {"GET"}):
            if method == "GET":
                if not self.is_page:
                    yield replace(self._reading(template, path), is_anonymous=is_anonymous)
                continue
            kind, body = self._sent(method, others, names)
            yield Sample(method, path, template, body_type=kind, body=body)

    def _reading(self, template: str, path: str) -> Sample:
        is_no = not isinstance(self.answer, NotJson) and says_failure(self.answer)
        is_good = 200 <= self.status < 300 and not is_no
        return Sample(
            "GET",
            path,
            template,
            query=tuple((name, "") for name in self.query),
            status=self.status if is_good else 0,
            answer_type=self.answer_type if is_good else "",
            answer=self.answer if is_good else NOT_JSON,
            is_refused=self.is_refused,
        )

    def _sent(self, method: str, others: Mapping[str, "Route"], names: frozenset[str]) -> tuple[str, Json | NotJson]:
        told = self.sent.get(method)
        if told is not None:
            return told
        if method not in _SENDING:
            return "", NOT_JSON
        usual = usual_body(method, self.template, names)
        if usual is not None:
            return usual
        shown = _thing(self.answer)
        for near in (f"{self.template}/{{}}", self.template.removesuffix("/{}")):
            if shown is None and near in others:
                shown = _thing(others[near].answer)
        return JSON, _without_own(shown) if shown else NOT_JSON


def _named(template: str, others: Mapping[str, Route]) -> str:
    """Return a template with the names of the fields that its values are from, where these are known to tell."""
    parts: list[str] = []
    own = ""
    for part in template.split("/"):
        own = f"{own}/{part}" if parts else part
        name = others[own].value_name if part == "{}" and own in others else ""
        is_telling = name.isidentifier() and naming.plain(name) not in {"id", "name", "value", "key"}
        parts.append(f"{{{name}}}" if is_telling else part)
    return "/".join(parts)


def _shown(template: str, path: str) -> str:
    """Return a path without the values that were only tried: they tell nothing of what values look like."""
    pairs = zip(template.split("/"), path.split("/"), strict=False)
    return "/".join("x" if "{}" in part and value in {UNKNOWN, NOWHERE} else value for part, value in pairs)


def usual_body(method: str, template: str, names: frozenset[str]) -> tuple[str, Json] | None:
    """Return what an operation on accounts usually takes, or None where the path speaks of no such thing."""
    posing = Operation(method, template, bodies=(Body(JSON, _PASSWORDS),))
    if accounts.is_sign_up(posing):
        return JSON, {"username": "", "email": "a@example.com", "password": "", "name": ""}
    if accounts.is_log_in(posing):
        last = naming.words(template.rpartition("/")[2])
        if "token" in last:  # RFC 6749, section 4.3.2
            return FORM, {"grant_type": "password", "username": "", "password": ""}
        return JSON, {"email" if "email" in names and "username" not in names else "username": "", "password": ""}
    if accounts.is_password_reset(Operation(method, template, bodies=(Body(JSON, _ADDRESS),))):
        return JSON, {"email": "a@example.com"}
    if accounts.is_password_change(posing):
        return JSON, {"current_password": "", "new_password": "", "password": ""}
    return None


def rows(value: Json | NotJson) -> list[Json]:
    """Return the entries of the list that an answer is or holds, empty where it holds none."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        lists = [one for one in value.values() if isinstance(one, list) and one]
        inner = [one for one in value.values() if isinstance(one, dict)]
        if len(lists) == 1:
            return lists[0]
        if not lists and len(inner) == 1 and len(value) <= 4:
            return rows(inner[0])
    return []


def names_in(values: Iterable[Json | NotJson]) -> Iterator[str]:
    """Yield the names of the fields of what lists and answers show."""
    for value in values:
        thing = _thing(value)
        if thing is not None:
            yield from thing


def _thing(value: Json | NotJson) -> dict[str, Json] | None:
    """Return one object of an answer: an entry of its list, or what it wraps, or itself."""
    entries = [one for one in rows(value) if isinstance(one, dict)]
    if entries:
        return entries[0]
    if isinstance(value, dict):
        inner = [one for one in value.values() if isinstance(one, dict)]
        return inner[0] if len(value) == 1 and inner else value
    return None


def _without_own(thing: dict[str, Json]) -> Json:
    """Return an object without what an API fills in by itself."""
    kept = {name: value for name, value in thing.items() if not set(naming.words(name)) & _MADE_BY_API}
    return kept or thing
