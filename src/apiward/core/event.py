"""One thing that happened at the guard."""

from typing import NamedTuple

from apiward.core.decision import Ruling


class Event(NamedTuple):
    """One request at the guard, kept without secrets: no body, no query values, no credential.

    `id` is also the incident id that a refused caller is told. `operation` is the key of the
    described operation, or empty; `path` is masked where no operation is known. Times are in
    seconds (`at_s` since the epoch, `own_s` spent by the stages, `elapsed_s` from the first
    byte in to the last byte out); sizes are in bytes. `outcome` is "passed", "refused",
    "failed" (the API gave no usable answer) or "gone" (the client left).
    `marks` are pairs of a name of `core.marks` and its value, in no special order.
    """

    id: str
    at_s: float
    method: str
    operation: str
    path: str
    status: int
    outcome: str
    client: str
    principal: str
    rulings: tuple[Ruling, ...] = ()
    own_s: float = 0.0
    elapsed_s: float = 0.0
    request_size: int = 0
    answer_size: int = 0
    kind: str = "request"
    said: str = ""
    marks: tuple[tuple[str, str], ...] = ()
