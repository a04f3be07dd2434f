"""One live request with its answer, as values: what a description is learned from."""

from dataclasses import dataclass, field

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson


@dataclass(frozen=True, slots=True)
class Observation:
    """What one exchange showed. Nothing of it is kept as it is.

    `path` is decoded and in its normal form; `principal` is a key that stands for who called; `headers` are the
    names of headers that may be parameters; `shown` tells how the caller showed itself ("bearer", "basic",
    "cookie session", "header x-api-key", "query key"). `template` is the path template of a given description
    that the path belongs to, or empty. `is_doubted` says that a part of the guard refused it, or would have.
    """

    at_s: float
    method: str
    path: str
    principal: str
    status: int
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: tuple[str, ...] = ()
    body_type: str = ""
    body: Json | NotJson = field(default=NOT_JSON, repr=False)
    form: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    answer_type: str = ""
    answer: Json | NotJson = field(default=NOT_JSON, repr=False)
    shown: tuple[str, ...] = ()
    template: str = ""
    is_doubted: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the request is one to learn from: the API took it, and nothing doubted it."""
        return 200 <= self.status < 300 and not self.is_doubted
