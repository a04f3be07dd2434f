"""What does learning cost for each request? `python -m benchmarks.learning_cost`. No network.

Prints microseconds of CPU: of the stage for a request that is not looked at, of one that is learned from, and what
that makes on average where an operation is sure. Exit code 1 where the average is beyond the bar, measured against a
dictionary look-up, so that a busy machine changes nothing.
"""

import random
import sys
import time
from collections.abc import Callable
from typing import Final

from apiward.app.learners import new_learner
from apiward.core.api import Api, Operation
from apiward.core.call import Answer, Call
from apiward.core.jsonvalue import Json
from apiward.core.principal import Principal, PrincipalKind
from apiward.guard.stage import Parts
from apiward.guard.stages.learn import Learn, LearnSettings
from apiward.spec.learning.learner import SURE_EVERY
from benchmarks.peers import ANSWER

MOST_LOOK_UPS: Final = 400
"""The average may cost as much as so many look-ups in a dictionary (about 40 ns each)."""
ITEM: Final[dict[str, Json]] = {
    "id": 7,
    "name": "Blue shoes",
    "price": 49.5,
    "tags": ["a", "b"],
    "owner": {"id": 3, "email": "a@b.example"},
}


def _timed(run: Callable[[], object], repeat: int) -> float:
    best = float("inf")
    for _ in range(7):
        begun = time.thread_time()
        for _ in range(repeat):
            run()
        best = min(best, time.thread_time() - begun)
    return best / repeat * 1e6


def _call(incident: str) -> tuple[Call, Answer]:
    headers = [(b"host", b"a"), (b"authorization", b"Bearer x"), (b"user-agent", b"b"), (b"accept", b"*/*")]
    call = Call("GET", b"/items/42", b"fields=name", headers, "127.0.0.1", header=dict(headers), path="/items/42")
    call.principal = Principal(PrincipalKind.USER, str(random.randrange(20)))
    call.query_pairs = [("fields", "name")]
    call.operation_key, call.incident, call.started_s = "GET /items/{item_id}", incident, time.time()
    answer = Answer(200, [(b"content-type", b"application/json")], ANSWER.encode())
    answer.value = dict(ITEM)
    return call, answer


def main() -> int:
    """Measure and print; return the exit code."""
    learner = new_learner(bytes(32))
    parts = Parts(None, time.time, None, None, None, random.Random(1), learner)  # type: ignore[arg-type] # not used
    stage = Learn(LearnSettings(), parts)
    for number in range(200):
        call, answer = _call(f"{number:04x}")
        stage.on_answer_body(call, answer)
    learner.settle(learner.learned(), Api("a", "1", (Operation("GET", "/items/{item_id}"),)))
    passed, looked_at = _call("0001"), _call("0000")

    def once(pair: tuple[Call, Answer]) -> None:
        call, answer = pair
        stage.wants_answer(call, answer)
        stage.on_answer_body(call, answer)
        stage.on_answer_head(call, answer)

    known = {str(number): number for number in range(1_000)}
    look_up = _timed(lambda: known["500"], 20_000)
    cheap, dear = _timed(lambda: once(passed), 5_000), _timed(lambda: once(looked_at), 500)
    average = cheap + (dear - cheap) / SURE_EVERY
    print(f"not looked at {cheap:.2f} us, learned from {dear:.1f} us, on average {average:.1f} us where it is sure")
    print(f"a look-up {look_up:.3f} us: the average is {average / look_up:.0f} of them, {MOST_LOOK_UPS} at most")
    return 0 if average <= MOST_LOOK_UPS * look_up else 1


if __name__ == "__main__":
    sys.exit(main())
