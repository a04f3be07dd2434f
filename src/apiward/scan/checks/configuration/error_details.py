"""CFG02: error messages show the inside of the program (CWE-209, CWE-489, OWASP API8:2023).

Proves: the answer to a faulty request holds a stack trace, a database error or a debug page, and the answer to
a proper one does not. Cannot: provoke more than simple errors.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Final

from apiward.classify.leaks import inside_shown
from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Request
from apiward.core.jsonvalue import Json, NotJson
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.calling.showing import with_credential
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import openings
from apiward.scan.proofs.openings import Opening
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "CFG02"
MAX_FAULTS: Final = 6


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether there is anything to get wrong."""
    return bool(operation.parameters or operation.bodies) and operation.method in ("GET", "POST", "PUT", "PATCH")


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send faulty requests, few of each kind; the proper request is the control."""
    say = Saying(CODE, operation.key)
    why_not = openings.own_write(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    session = scene.owner
    base, control = await openings.working(scene, operation, session)
    if control.response is None:
        return say.unsure("no answer, not even to a proper request")
    if inside_shown(control.text) and not judging.is_accepted(control):
        # An ordinary request may fail as well: compare with one that does nothing.
        control = await scene.call(replace(operation, path="/aw-nothing-here", field=None), Arguments())
    try:
        return await _provoked(scene, operation, say, session, base, control)
    finally:
        await openings.restore(scene, operation, session, base)


async def _provoked(
    scene: Scene, operation: Operation, say: Saying, session: Session | None, base: Arguments, control: Exchange
) -> Verdict:
    usual = inside_shown(control.text)
    async for what, exchange in _faulty(scene, operation, session, base):
        shown = inside_shown(exchange.text)
        if shown and shown != usual:
            return say.broken(f"{what} was answered with {shown}", exchange, control)
    return say.holds("faulty requests were answered without details of the program")


async def _faulty(
    scene: Scene, operation: Operation, session: Session | None, base: Arguments
) -> AsyncIterator[tuple[str, Exchange]]:
    if not isinstance(base.body, NotJson) and not operation.is_safe:
        request = scene.caller.request_for(operation, base)
        shown = await session.current() if session else None
        for what, body in (
            ("a broken body", request.body[: len(request.body) // 2] + b'"'),
            ("a list as body", b"[1]"),
        ):
            broken = Request(request.method, request.url, request.headers, body)
            yield what, await scene.send(with_credential(broken, shown))
    if accounts.is_account_operation(operation):
        return
    found = openings.openings(scene, operation, session, base)
    kept = [one for one in found if operation.is_safe or not openings.holds_own_key(operation, one, session)]
    for count, (opening, value) in enumerate(_wrong(kept)):
        if count >= MAX_FAULTS:
            return
        sent = opening.with_text(value)
        exchange = await scene.call(operation, sent, session)
        if not operation.is_safe:
            openings.note_made(scene, operation, session, sent, exchange)
        yield f"a wrong value in {opening.slot.label}", exchange


def _wrong(found: list[Opening]) -> Iterator[tuple[Opening, Json]]:
    """Yield wrong values, the likeliest to be stumbled over first: the first for all openings, then the second."""
    for round_number in range(2):
        for opening in found:
            is_number = bool({"integer", "number"} & set(opening.schema.types)) or opening.value.isdigit()
            if opening.slot.place == "body":
                wrong: tuple[Json, Json] = (0, "aw'") if is_number else ({"aw": []}, 7)
            else:
                wrong = ("aw'", "99999999999999999999999") if is_number else ("aw'\"\\%", "\x00[]")
            yield opening, wrong[round_number]


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
