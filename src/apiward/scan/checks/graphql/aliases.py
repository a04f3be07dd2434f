"""GQL04: one GraphQL query may call the same field any number of times (CWE-770, OWASP API4:2023).

Proves: a query that names one cheap field a hundred times, under other names, gets a hundred answers, twice.
Cannot: say what it would cost to do so with a dear field; it does not try.
"""

from typing import Final

from apiward.core.api import Operation
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs.graphql_asking import ask, carried_beside, data_in, endpoint, speaks_for_endpoint
from apiward.scan.scene import Scene

CODE = "GQL04"
TIMES: Final = 100


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for a GraphQL endpoint."""
    return speaks_for_endpoint(scene, operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Call a field once, and a hundred times in one query."""
    say = Saying(CODE, endpoint(operation).key)
    chosen = _cheap(scene, operation)
    if chosen is None or chosen.field is None:
        return say.not_run("no field that shows one thing of the caller's own without being told anything")
    name, inner = chosen.field.name, " { __typename }" if "{" in chosen.field.document.partition("{")[2] else ""
    control = await ask(scene, operation, _document(name, inner, 1), scene.owner)
    if set(data_in(control)) != {"a0"} or data_in(control)["a0"] is None:
        return say.not_run("the field gave no good answer under another name either")
    attack = await ask(scene, operation, _document(name, inner, TIMES), scene.owner)
    again = await ask(scene, operation, _document(name, inner, TIMES), scene.owner)
    if attack.is_doubtful or again.is_doubtful:
        return say.unsure("many calls in one query got no clear answer")
    for exchange in (attack, again):
        if sum(value is not None for value in data_in(exchange).values()) < TIMES:
            return say.holds(f"{TIMES} calls of one field in one query were not carried out")
    saw = f"One query called {name} {TIMES} times under other names, and got {TIMES} answers"
    return say.broken(saw, attack, control, more=(again,))


def _document(name: str, inner: str, times: int) -> str:
    return f"query {{ {' '.join(f'a{place}: {name}{inner}' for place in range(times))} }}"


def _cheap(scene: Scene, operation: Operation) -> Operation | None:
    """Return a query that shows the caller one thing and needs no arguments."""
    for one in carried_beside(scene, operation):
        is_plain = (
            one.field is not None and one.field.kind == "query" and not any(p.is_required for p in one.parameters)
        )
        seen = scene.seen(one, scene.owner) if is_plain else None
        answer = seen.response if seen is not None and judging.is_accepted(seen) else None
        if answer is not None and isinstance(answer.json(), dict):
            return one
    return None


CHECK = Check(CODE, applies, run, level=Level.FULL, phase=Phase.TIMING)
