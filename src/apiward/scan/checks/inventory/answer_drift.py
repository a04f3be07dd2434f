"""INV03: answers differ from the description (CWE-1059, OWASP API9:2023). A note.

Proves: a good answer had a status, a type or a property that its description does not allow. Cannot: tell
which of the two is right.
"""

from apiward.core.api import Answer, Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import NotJson
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.meaning import judging
from apiward.scan.proofs import drift, looked_at
from apiward.scan.scene import Scene

CODE = "INV03"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the description says how good answers look."""
    return (
        operation.has_address
        and operation.method == "GET"
        and any(answer.status[:1] in "2d" for answer in operation.answers)
    )


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Compare what was looked at with what is described."""
    say = Saying(CODE, operation.key)
    good = [seen for seen in looked_at.views(scene, operation) if judging.is_accepted(seen)]
    if not good:
        return say.not_run("no good answer was seen")
    for seen in good:
        found = _found(operation, seen)
        if found:
            return say.broken("; ".join(found), seen)
    return say.holds("good answers are as described")


def _found(operation: Operation, seen: Exchange) -> list[str]:
    answer = _described(operation, seen.status)
    if answer is None:
        return [f"answered with status {seen.status}, which is not described"]
    if answer.status == "default" and len(operation.answers) > 1:
        return []  # mostly the form of errors
    response = seen.response
    schema = next(
        (body.schema for body in answer.bodies if "json" in body.media_type or body.media_type == "*/*"), None
    )
    if schema is None or response is None or response.is_cut or not response.body:
        return []
    value = response.json()
    if isinstance(value, NotJson):
        return ["the answer is no JSON, though described so"] if len(answer.bodies) == 1 else []
    return drift.differences(schema, value)


def _described(operation: Operation, status: int) -> Answer | None:
    for wanted in (str(status), f"{status // 100}xx", "default"):
        for answer in operation.answers:
            if answer.status.lower() == wanted:
                return answer
    return None


CHECK = Check(CODE, applies, run, is_passive=True)
