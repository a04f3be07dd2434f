"""What to do when something has happened: steps for the owner and the developer, as data."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from apiward.catalogue.forms import TEXT, TEXTS, fits
from apiward.catalogue.loading import CatalogueError
from apiward.catalogue.prose import Manner, prose_problems

PLAYBOOK_NAMES: Final = (
    "stuffing",
    "leaked-key",
    "foreign-objects",
    "takeover",
    "scraping",
    "overload",
    "carding",
    "admin-change",
    "third-party",
    "outage",
)
"""One file `playbooks/<name>.toml` each; entries of detections name them."""
ACTIONS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "block-principal": ("user", "apiward block user:{user} --for 24h"),
        "block-key": ("key", "apiward block key:{key} --for 24h"),
        "block-device": ("device", "apiward block device:{device} --for 24h"),
        "block-address": ("address", "apiward block address:{address} --for 24h"),
        "block-network": ("network", "apiward block network:{network} --for 1h"),
        "block-operation": ("operation", "apiward block 'operation:{operation}' --for 1h"),
        "end-log-ins": ("user", "apiward block user:{user} --for 24h --end-log-ins"),
    }
)
"""What apiward can do for a step: of what kind the one is who is held off, and the command. Each ends by itself."""
WHO: Final = ("owner", "developer")
WHEN: Final = ("now", "today", "week")
CUSTOMER_PLACES: Final = frozenset({"business", "when", "data", "touched", "partner"})
"""What can be filled into the words to customers."""

_NAME: Final = re.compile(r"[a-z]+(-[a-z]+)*")
_MOST_MINUTES: Final = 960
_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("title", "what", "worst"), TEXT),
    "evidence": TEXTS,
    **dict.fromkeys(("customers", "done"), TEXT),
}
_STEP_KEYS: Final = ("name", "who", "when", "minutes", "only_if", "do", "action", "undo")
_OPTIONAL: Final = frozenset({"only_if", "action", "undo"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `who` does it, `when` it is due ("now", "today", "week"), `minutes` is what it takes.

    It is left out where the answer to `only_if` is no. `action` names what apiward can do for it (one of ACTIONS),
    `undo` says how that is taken back.
    """

    name: str
    who: str
    when: str
    minutes: int
    do: str
    only_if: str = ""
    action: str = ""
    undo: str = ""


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to do about one kind of attack. `customers` are words to them, with {places} to fill."""

    name: str
    title: str
    what: str
    worst: str
    evidence: tuple[str, ...]
    customers: str
    done: str
    steps: tuple[Step, ...]


@cache
def load_playbooks() -> Mapping[str, Playbook]:
    """Return all playbooks by name, read once from the package. Raises CatalogueError."""
    folder = resources.files("apiward.catalogue").joinpath("playbooks")
    found = {name: read_playbook(folder.joinpath(f"{name}.toml").read_text("utf-8"), name) for name in PLAYBOOK_NAMES}
    return MappingProxyType(found)


def read_playbook(text: str, name: str) -> Playbook:
    """Return the playbook of one TOML text. Raises CatalogueError where a key is missing, unknown or wrong."""
    file = f"playbooks/{name}.toml"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"no TOML: {error}", file=file) from error
    steps = table.pop("steps", None)
    if not isinstance(steps, list) or not steps:
        raise CatalogueError("has no steps", file=file)
    for key in (*_KEYS, *table):
        if key not in _KEYS:
            raise CatalogueError(f"unknown; known are {', '.join(_KEYS)}", file=file, key=key)
        if key not in table or not fits(table[key], _KEYS[key]):
            raise CatalogueError(f"must be {_KEYS[key]}", file=file, key=key)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return Playbook(name, **values, steps=tuple(_step(one, file) for one in steps))


def playbook_problems(book: Playbook) -> Iterator[str]:
    """Yield what is wrong with the words and the order of one playbook; nothing where all is right."""
    manners = {
        "title": Manner(70, is_sentence=False),
        "what": Manner(300),
        "worst": Manner(300),
        "customers": Manner(400, places=CUSTOMER_PLACES),
        "done": Manner(300),
    }
    for name, manner in manners.items():
        yield from (f"{name} {problem}" for problem in prose_problems(getattr(book, name), manner))
    for text in book.evidence:
        yield from (f"evidence {problem}" for problem in prose_problems(text, Manner(200)))
    names = [step.name for step in book.steps]
    yield from (f"two steps are called {name!r}" for name in sorted({one for one in names if names.count(one) > 1}))
    order = [WHEN.index(step.when) for step in book.steps if step.when in WHEN]
    if order != sorted(order):
        yield "a step that is due now stands after one that can wait"
    for step in book.steps:
        yield from (f"step {step.name}: {problem}" for problem in _step_problems(step))


def _step_problems(step: Step) -> Iterator[str]:
    if not _NAME.fullmatch(step.name):
        yield "its name is not kebab-case"
    if step.who not in WHO or step.when not in WHEN:
        yield f"who must be one of {', '.join(WHO)}, when one of {', '.join(WHEN)}"
    if not 0 < step.minutes <= _MOST_MINUTES:
        yield f"minutes must be from 1 to {_MOST_MINUTES}"
    if step.action and step.action not in ACTIONS:
        yield f"there is no action {step.action!r}"
    if bool(step.action) != bool(step.undo):
        yield "action and undo belong together"
    yield from (f"do {problem}" for problem in prose_problems(step.do, Manner(300)))
    if step.only_if:
        yield from (f"only_if {problem}" for problem in prose_problems(step.only_if, Manner(150)))
        if not step.only_if.endswith("?"):
            yield "only_if is no question"
    if step.undo:
        yield from (f"undo {problem}" for problem in prose_problems(step.undo, Manner(200)))


def _step(row: object, file: str) -> Step:
    if not isinstance(row, dict):
        raise CatalogueError("a step must be a table", file=file)
    for key in (*_STEP_KEYS, *row):
        if key not in _STEP_KEYS:
            raise CatalogueError(f"unknown; known are {', '.join(_STEP_KEYS)}", file=file, key=f"steps.{key}")
        kind = int if key == "minutes" else str
        if key in row and (type(row[key]) is not kind or not row[key]):
            raise CatalogueError("empty or of a wrong type", file=file, key=f"steps.{key}")
        if key not in row and key not in _OPTIONAL:
            raise CatalogueError("missing", file=file, key=f"steps.{key}")
    return Step(**row)
