"""One request as an example of an operation, with what was answered where that is known."""

from dataclasses import dataclass, field

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson


@dataclass(frozen=True, slots=True)
class Sample:
    """One request. `path` is decoded; in `template`, where it is told, `{}` or `{name}` stands for a value.

    `status` is 0 where nobody knows what was answered. `is_refused` says that strangers are turned away there,
    `is_anonymous` that the caller surely showed nothing: recordings often come without what was shown.
    `shown` tells how the caller showed itself ("bearer", "basic", "header x-api-key"), as in an observation.
    `origin` is scheme, host and port, empty where none is told.
    """

    method: str
    path: str
    template: str = ""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[str, ...] = ()
    body_type: str = ""
    body: Json | NotJson = field(default=NOT_JSON, repr=False)
    status: int = 0
    answer_type: str = ""
    answer: Json | NotJson = field(default=NOT_JSON, repr=False)
    shown: tuple[str, ...] = ()
    is_refused: bool = False
    is_anonymous: bool = False
    summary: str = ""
    origin: str = ""
