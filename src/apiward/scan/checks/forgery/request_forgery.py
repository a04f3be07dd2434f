"""SSR01: the server calls addresses that a caller names (CWE-918, OWASP API7:2023).

Proves: an address of our own listener, which nobody else knows, was called after it was sent in this field, and
another such address that was sent in a header without meaning was not. Where the listener stands inside (on this
machine or in a private network), no address given by strangers should lead there. Told as likely where it stands
outside: some services call what their users name on purpose. Cannot: hear calls that come much later, or that a
firewall stops.
"""

from collections.abc import AsyncIterator
from typing import Final

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.ports import CallListener
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Phase
from apiward.scan.meaning import judging
from apiward.scan.proofs import address_slots, openings, outside_calls
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.outside_calls import Lure
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts

CODE = "SSR01"
ACCEPTED: Final = 202
"""What a server says that does the work later (RFC 9110, section 15.3.3)."""
NO_MEANING: Final = "X-Apiward-Note"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether an address seems to belong somewhere in the operation."""
    is_known = operation.method not in ("OPTIONS", "TRACE") and not accounts.is_account_operation(operation)
    return is_known and address_slots.may_take_one(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send addresses of our own, and listen whether anybody comes."""
    say = Saying(CODE, operation.key)
    if scene.listener is None:
        return say.not_run("needs an address at which the API can call this computer: name one with --listen")
    why_not = openings.own_write(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    session = scene.owner
    base, control = await openings.working(scene, operation, session)
    slots = address_slots.address_slots(scene, operation, session, base)
    slots = [one for one in slots if operation.is_safe or not openings.holds_own_key(operation, one, session)]
    if not slots:
        return say.not_run("no value here that looks like an address")
    try:
        return await _judged(scene, operation, say, session, slots, control)
    finally:
        if not operation.is_safe and not control.is_doubtful:
            await openings.restore(scene, operation, session, base)


async def _judged(
    scene: Scene, operation: Operation, say: Saying, session: Session | None, slots: list[Opening], control: Exchange
) -> Verdict:
    assert scene.listener is not None  # noqa: S101 - `run` has looked
    sent: list[tuple[Lure, Opening, str, Exchange]] = []
    for opening in slots:
        async for lure, what, exchange in _tried(scene, operation, session, opening, scene.listener):
            sent.append((lure, opening, what, exchange))
    is_later = any(exchange.status == ACCEPTED for _, _, _, exchange in sent)
    called = await outside_calls.first_called(scene, [one[0] for one in sent], is_later=is_later)
    if called is None:
        if all(exchange.is_doubtful for _, _, _, exchange in sent):
            return say.unsure("the operation gave no clear answer")
        return say.holds("addresses of our own were sent, and nobody called them")
    _, opening, what, attack = next(one for one in sent if one[0] is called)
    return await _proved(scene, operation, say, session, (called, opening, what, attack, control))


async def _tried(
    scene: Scene, operation: Operation, session: Session | None, opening: Opening, listener: CallListener
) -> AsyncIterator[tuple[Lure, str, Exchange]]:
    """Yield what was sent: the plain address, and other spellings while the answers refuse it."""
    lure = outside_calls.new_lure(scene, listener)
    is_host = address_slots.takes_host(opening)
    plain = lure.address.partition("://")[2] if is_host else lure.address
    exchange = await _sent(scene, operation, session, opening, plain)
    yield lure, "", exchange
    if is_host or lure.call is not None or not judging.is_refused(exchange):
        return
    for place in range(len(lure.spellings(opening.value))):
        lure = outside_calls.new_lure(scene, listener)  # so that the call tells which one it follows
        what, address = lure.spellings(opening.value)[place]
        exchange = await _sent(scene, operation, session, opening, address)
        yield lure, f", written with {what}", exchange
        if lure.call is not None:
            return


async def _sent(
    scene: Scene, operation: Operation, session: Session | None, opening: Opening, address: str
) -> Exchange:
    arguments = opening.with_text(address)
    exchange = await scene.call(operation, arguments, session)
    _note_made(scene, operation, session, arguments, exchange)
    return exchange


async def _proved(
    scene: Scene,
    operation: Operation,
    say: Saying,
    session: Session | None,
    shown: tuple[Lure, Opening, str, Exchange, Exchange],
) -> Verdict:
    """Send another address where it means nothing: who calls that one as well is a reader of all that passes."""
    called, opening, what, attack, control = shown
    assert called.call is not None  # noqa: S101 - it was called
    other = outside_calls.new_lure(scene, called.listener)
    arguments = opening.arguments
    beside = await scene.call(operation, arguments, session, headers=((NO_MEANING, other.address),))
    _note_made(scene, operation, session, arguments, beside)
    if await outside_calls.first_called(scene, [other]) is not None:
        return say.unsure("something calls every address that passes by, wherever it stands")
    reads = "; the answer holds what came back from there" if called.mark in attack.text else ""
    where = "inside, where no stranger should send it" if called.listener.is_inside else "of our own"
    return say.broken(
        f"an address in {opening.slot.label}{what} was called by the server, at a place {where}{reads}",
        attack,
        beside if judging.is_accepted(beside) else control,
        more=(called.call,),
        place=opening.slot.label,
        confidence=Confidence.PROVED if called.listener.is_inside else Confidence.LIKELY,
    )


def _note_made(
    scene: Scene, operation: Operation, session: Session | None, arguments: Arguments, exchange: Exchange
) -> None:
    if not operation.is_safe:
        openings.note_made(scene, operation, session, arguments, exchange)


CHECK = Check(CODE, applies, run, phase=Phase.TIMING)
