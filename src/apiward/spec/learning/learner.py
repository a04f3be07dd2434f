"""Learns the description of an API from exchanges: implements `core.ports.DescriptionLearner`."""

from collections.abc import Callable
from typing import Final

from apiward.core.api import Api
from apiward.core.call import Call
from apiward.core.jsonvalue import Json
from apiward.core.observation import Observation
from apiward.spec.learning import earning
from apiward.spec.learning.describing import Learned, bare, learned
from apiward.spec.learning.nodes import Node
from apiward.spec.learning.operations import Seen
from apiward.spec.learning.scalars import Classify
from apiward.spec.learning.sureness import Sureness
from apiward.spec.learning.tallies import mapping
from apiward.spec.learning.tree import PathTree

FORM: Final = "apiward.learned/1"
SURE_EVERY: Final = 20
"""Of an operation that is known well, one request in so many is looked at, until its bounds are earned."""
DONE_EVERY: Final = 100
MOST_A_SECOND: Final = 200
"""Requests a second that are looked at: enough to learn from, and no more than a few hundredths of a processor."""
FEW_A_SECOND: Final = 20
"""So many are enough where the last CALM_AFTER of them brought nothing new: the next news ends that."""
CALM_AFTER: Final = 200
_UNTOLD: Final = frozenset({"HEAD", "OPTIONS", "TRACE", "CONNECT"})


class Learner:
    """What one worker has learned. `digest` gives a number below 2**48 for a text, by a key that stays here."""

    def __init__(self, digest: Callable[[str], int], classify: Classify) -> None:
        self._digest = digest
        self._classify = classify
        self._tree = PathTree(digest, classify)
        self._every: dict[str, int] = {}
        self._second = 0
        self._looked_at = 0
        self._calm = 0
        self.version = 0
        """Changes with everything that is learned."""

    def wants(self, call: Call) -> bool:
        """Return whether something may be learned from a call. Cheap: it is asked for each one."""
        most = FEW_A_SECOND if self._calm >= CALM_AFTER else MOST_A_SECOND
        if self._looked_at >= most and int(call.started_s) == self._second:
            return False
        every = self._every.get(call.operation_key)
        if every is not None:  # the incident is drawn, so its last digits choose as dice would
            return int(call.incident[-4:] or "0", 16) % every == 0
        return call.method not in _UNTOLD

    def learn(self, seen: Observation) -> None:
        """Take in one exchange. Only one that went well says what requests look like."""
        if seen.method in _UNTOLD:
            return
        self.version += 1
        if int(seen.at_s) != self._second:
            self._second, self._looked_at = int(seen.at_s), 0
        self._looked_at += 1
        if seen.is_good:
            is_news = self._tree.add(seen, self._digest(seen.principal))
            self._calm = 0 if is_news else self._calm + 1
            return
        known = self._tree.find(seen.method, seen.path)
        if known is not None:
            known.turn_away(seen)

    def settle(self, known: Learned, api: Api | None) -> None:
        """Note which operations of the API in use are known well, so that less of them is looked at."""
        sure = {bare(one.operation.key): _every(one.sureness) for one in known.operations if one.sureness.is_sure}
        keys = [operation.key for operation in api.operations] if api is not None else []
        self._every = {key: sure[bare(key)] for key in keys if bare(key) in sure}

    def learned(self) -> Learned:
        """Return what is known now."""
        self._tree.settle()
        return learned(self._tree)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for what is new."""
        return self._tree.is_full

    def find(self, method: str, path: str) -> Seen | None:
        """Return what was seen of the operation that a request means."""
        return self._tree.find(method, path)

    def state(self) -> dict[str, Json]:
        """Return all that is known, as JSON: shapes and counts, callers as numbers, values of earned lists alone."""
        return {"form": FORM, "tree": self._tree.root.state()}

    def merge(self, state: Json) -> None:
        """Take in what another worker has learned. Raises ValueError where it is of another form."""
        document = mapping(state)
        if document.get("form") != FORM:
            raise ValueError(f"the form {str(document.get('form'))[:40]!r} is not known")
        self._tree.take(Node.from_state(document.get("tree")))
        self.version += 1

    @classmethod
    def from_state(cls, state: Json, digest: Callable[[str], int], classify: Classify) -> "Learner":
        """Return a learner that knows what `state` says. Raises ValueError."""
        made = cls(digest, classify)
        made.merge(state)
        return made


def _every(sureness: Sureness) -> int:
    return DONE_EVERY if sureness.requests >= earning.EXACT_VALUES else SURE_EVERY
