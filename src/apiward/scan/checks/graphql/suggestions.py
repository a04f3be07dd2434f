"""GQL02: a GraphQL endpoint that hides its schema gives its names away in error messages (CWE-209, OWASP API8:2023).

Proves: a name that is nearly right is answered with the right one, a name like no other with none. Cannot: say how
much of the schema can be learned in this way.
"""

import re
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.proofs.graphql_asking import (
    SCHEMA_QUESTION,
    ask,
    carried_beside,
    data_in,
    endpoint,
    is_clear,
    speaks_for_endpoint,
)
from apiward.scan.scene import Scene

CODE = "GQL02"
MAX_TRIED: Final = 3
LEAST_NAME: Final = 4
_QUOTED: Final = re.compile(r"[\"'`]([A-Za-z_][A-Za-z0-9_]*)\\?[\"'`]")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for a GraphQL endpoint."""
    return speaks_for_endpoint(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Misspell known fields without a log-in; a name like no other is the control."""
    say = Saying(CODE, endpoint(operation).key)
    asked = await ask(scene, operation, SCHEMA_QUESTION, None)
    if not is_clear(asked):
        return say.unsure("the question for the schema got no clear answer")
    if data_in(asked):
        return say.not_run("the schema is told to everybody anyway")
    known = {op.field.name for op in carried_beside(scene, operation) if op.field and op.field.kind == "query"}
    names = sorted((name for name in known if len(name) >= LEAST_NAME), key=lambda name: (-len(name), name))
    if not names:
        return say.not_run("no field with a name that is long enough")
    control = await ask(scene, operation, f"query {{ aw{scene.rng.getrandbits(40):010x} }}", None)
    if control.is_doubtful or _told(control, known):
        return say.unsure("a made-up field got no clear answer")
    for name in names[:MAX_TRIED]:
        wrong = f"{name}{name[-1]}"
        attack = await ask(scene, operation, f"query {{ {wrong} }}", None)
        told = _told(attack, known - {wrong})
        if told:
            saw = f"Asked for {wrong}, the server suggested {' and '.join(sorted(told))}, though it hides its schema"
            return say.broken(saw, attack, control)
    return say.holds("misspelled fields were answered without the right names")


def _told(exchange: Exchange, known: set[str]) -> set[str]:
    """Return the known names that stand in quotes in the messages of an answer."""
    body = exchange.response.json() if exchange.response is not None else None
    errors = body.get("errors") if isinstance(body, dict) else None
    messages = [one.get("message") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return {name for message in messages for name in _QUOTED.findall(str(message)[:2_000])} & known


CHECK = Check(CODE, applies, run)
