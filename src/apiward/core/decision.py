"""What a stage of the guard says of one request or answer."""

from dataclasses import dataclass, field
from enum import StrEnum

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson


class Mode(StrEnum):
    """What a stage's decisions do. WATCH computes the exact decision and lets pass."""

    OFF = "off"
    WATCH = "watch"
    ENFORCE = "enforce"


class Effect(StrEnum):
    """A decision that is no pass: refuse, change, slow down, or only say."""

    DENY = "deny"
    EDIT = "edit"
    DELAY = "delay"
    NOTE = "note"


@dataclass(slots=True, unsafe_hash=True)
class Edit:
    """A change to a request or an answer: what is None stays as it is.

    Nobody changes one. It is not frozen, as each answer gets one, and to make a frozen one takes three times as long.
    `body` and `value` belong together where the body is JSON. `removed` are lower-case header
    names; `added` stands in the place of headers of the same names.
    """

    body: bytes | None = field(default=None, repr=False)
    value: Json | NotJson = field(default=NOT_JSON, repr=False)
    status: int | None = None
    removed: frozenset[bytes] = frozenset()
    added: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """Of one stage. `rule` names the words and the status in the catalogue ("protocol.duplicate-key").

    `place` is the field or part at fault ("body.items[0].price", "header host"); `saw` is a short
    fact for the log of the owner, which never holds a secret or the raw value. `retry_after_s`
    and `headers` go to the caller with a refusal; `delay_s` is how long a DELAY holds the request. `is_ordered`
    marks what a person asked for by name: it is carried out by a guard that only watches, too.
    """

    rule: str
    effect: Effect = Effect.DENY
    place: str = ""
    saw: str = ""
    retry_after_s: int | None = None
    delay_s: float = 0.0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    edit: Edit | None = None
    is_ordered: bool = False

    @property
    def stage(self) -> str:
        """The stage that decided."""
        return self.rule.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with what became of it: `is_applied` is False in watch mode."""

    decision: Decision
    is_applied: bool
