"""Makes observations for tests, and learners that have seen them."""

import hashlib
from collections.abc import Iterable
from typing import Any

from apiward.core.jsonvalue import NOT_JSON, Json, NotJson
from apiward.core.observation import Observation
from apiward.spec.learning.describing import LearnedOperation
from apiward.spec.learning.learner import Learner

CALLERS = [f"user:{number}" for number in range(12)]


def digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest())


def classify(name: str, text: str) -> frozenset[str]:
    return frozenset({"email"}) if "@" in text else frozenset({"name"}) if name == "full_name" else frozenset()


def learner(seen: Iterable[Observation] = ()) -> Learner:
    made = Learner(digest, classify)
    for one in seen:
        made.learn(one)
    return made


def seen(
    target: str = "GET /items",
    by: str = "user:0",
    *,
    answer: Json | NotJson = NOT_JSON,
    body: Json | NotJson = NOT_JSON,
    status: int = 200,
    at_s: float = 1_000.0,
    **more: Any,  # noqa: ANN401 - the other fields of an observation
) -> Observation:
    method, _, path = target.partition(" ")
    path, _, query = path.partition("?")
    pairs = tuple((name, text) for name, _, text in (pair.partition("=") for pair in query.split("&") if pair))
    is_json = not isinstance(body, NotJson)
    more.setdefault("body_type", "application/json" if is_json else "")
    more.setdefault("answer_type", "" if isinstance(answer, NotJson) else "application/json")
    return Observation(at_s, method, path, by, status, pairs, body=body, answer=answer, **more)


def often(target: str, times: int = 40, callers: int = 8, **more: Any) -> list[Observation]:  # noqa: ANN401 - the same
    """Return the same request of several callers in turn."""
    return [seen(target, CALLERS[number % callers], **more) for number in range(times)]


def operation(made: Learner, key: str) -> LearnedOperation:
    found = {one.operation.key: one for one in made.learned().operations}
    assert key in found, f"{key} is not among {sorted(found)}"
    return found[key]


def keys(made: Learner) -> set[str]:
    return {one.operation.key for one in made.learned().operations}
