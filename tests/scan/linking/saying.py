"""A check that says what a test wants it to say of one operation, after calling it without any log-in."""

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.scene import Scene


def shows(code: str, at: str, *, as_peer: bool = False) -> Check:
    """Return a check of that code which calls the operation `at`, and says that it shows too much."""

    def applies(_: Scene, operation: Operation) -> bool:
        return operation.key == at

    async def run(scene: Scene, operation: Operation) -> Verdict:
        caller = scene.peer if as_peer else None
        exchange = await scene.call(operation, scene.arguments(operation, caller), caller)
        return Saying(code, operation.key).broken("It shows too much.", exchange, exchange)

    return Check(code, applies, run)
