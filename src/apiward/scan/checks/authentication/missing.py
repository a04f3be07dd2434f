"""AUT01: an operation that is described as secured answers callers without a log-in (CWE-306, OWASP API2:2023).

Proves: without a credential, or with a made-up one, the answer is as good as the one that a logged-in
account gets. Where that holds nothing private, it is likely, not proved: many descriptions ask for a log-in
that is only wanted to say more. Cannot: know what is public on purpose against its description; it
neither changes nor deletes what exists (the checks of the object family do).
"""

from dataclasses import replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves, walk
from apiward.core.verdict import Confidence, Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling import values
from apiward.scan.calling.arguments import Arguments, text_of
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.knowledge import ANONYMOUS
from apiward.scan.proofs.openness import shows_private
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, naming

CODE = "AUT01"
HELD: Final = "callers without a log-in, and with a made-up credential, did not get the answer"
_ENVELOPE: Final = frozenset(
    "status success ok message msg code error errors total count page pages limit offset size perpage pagesize hasmore "
    "next previous prev nextpage timestamp time version".split()
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the description asks for a log-in, and trying without one does no harm."""
    if not operation.is_secured or accounts.is_account_operation(operation):
        return False
    return operation.is_safe or objects.makes(operation)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Call as an account, without a log-in, and with a made-up credential."""
    say = Saying(CODE, operation.key)
    owner = scene.owner
    if owner is None:
        return say.not_run("needs an account, to know the answer that a logged-in caller gets")
    if operation.is_safe:
        return await _read(scene, operation, say, owner)
    if scene.level < Level.WRITE:
        return say.not_run(f"needs --level {Level.WRITE.word}")
    return await _make(scene, operation, say, owner)


async def _read(scene: Scene, operation: Operation, say: Saying, owner: Session) -> Verdict:
    arguments = scene.arguments(operation, owner)
    if _is_known_closed(scene, operation, owner):
        garbage = await scene.call(operation, arguments, credential=_made_up(scene, owner))
        if judging.is_refused(garbage):
            return say.holds(HELD)
    own = await _good(scene, operation, arguments, owner)
    if own is None:
        return say.not_run("a logged-in account gets no good answer here either")
    tried = []
    for words, credential in (("without a log-in", None), ("with a made-up credential", _made_up(scene, owner))):
        exchange = await scene.call(operation, arguments, credential=credential)
        if exchange.is_doubtful and exchange.status < 500:
            return say.unsure(f"the request {words} got no clear answer")
        if judging.is_accepted(exchange) and not judging.is_logged_out(exchange) and judging.is_alike(exchange, own):
            again = await scene.call(operation, arguments, credential=credential)
            if not judging.is_alike(again, own):
                return say.unsure(f"the request {words} was answered once in this way, once in that")
            if not _says_something(own):
                return say.unsure("the answers are the same with and without a log-in, but hold nothing of worth")
            saw = f"A caller {words} got the same kind of answer as an account that was logged in."
            is_private = await shows_private(scene, exchange, owner)
            confidence = Confidence.PROVED if is_private else Confidence.LIKELY
            return say.broken(saw, exchange, own, more=(again,), confidence=confidence)
        tried.append(exchange)
    if any(exchange.is_doubtful for exchange in tried):
        return say.unsure("the server failed on a request without a proper log-in")
    return say.holds(HELD)


def _is_known_closed(scene: Scene, operation: Operation, owner: Session) -> bool:
    """Whether looking around has shown already that the account gets an answer and a stranger a refusal."""
    own, nobody = scene.seen(operation, owner), scene.seen(operation, None)
    return own is not None and nobody is not None and judging.is_accepted(own) and judging.is_refused(nobody)


async def _good(scene: Scene, operation: Operation, arguments: Arguments, owner: Session) -> Exchange | None:
    """Return the good answer of an account, that of a higher role where a normal one gets none."""
    for session in (owner, *scene.privileged[:1]):
        exchange = await scene.call(operation, arguments, session)
        if judging.is_accepted(exchange):
            return exchange
    return None


async def _make(scene: Scene, operation: Operation, say: Saying, owner: Session) -> Verdict:
    control = await _made_by(scene, operation, owner)
    if control is None:
        return say.not_run("a logged-in account could not use this either")
    for words, credential in (("without a log-in", None), ("with a made-up credential", _made_up(scene, owner))):
        arguments = scene.arguments(operation, owner)
        exchange = await scene.call(operation, arguments, credential=credential)
        if exchange.is_doubtful:
            return say.unsure(f"the request {words} got no clear answer")
        if judging.is_accepted(exchange) and judging.is_alike(exchange, control):
            if not await _is_kept(scene, operation, owner, arguments, exchange, control):
                return say.unsure(
                    f"the request {words} was answered as a good one, but nothing shows that it was heeded"
                )
            saw = f"A caller {words} could use this as an account that was logged in can."
            return say.broken(saw, exchange, control)
    return say.holds("callers without a log-in, and with a made-up credential, were refused")


async def _is_kept(
    scene: Scene, operation: Operation, owner: Session, sent: Arguments, exchange: Exchange, control: Exchange
) -> bool:
    """Whether what an anonymous caller made has an identifier of its own, or is seen by the owner."""
    made = objects.made(operation, ANONYMOUS, sent, exchange)
    scene.objects.append(made)
    known = {text_of(value) for _, value in sent.slots()} | _identifiers(control)
    if _identifiers(exchange) - known:
        return True
    return bool(made.marks) and bool(await scene.views(made, owner))


def _identifiers(exchange: Exchange) -> set[str]:
    body = exchange.response.json() if exchange.response else None
    found = () if isinstance(body, NotJson) else leaves(body)
    return {text_of(leaf) for pointer, leaf in found if pointer and leaf and naming.is_id_name(str(pointer[-1]))}


async def _made_by(scene: Scene, operation: Operation, owner: Session) -> Exchange | None:
    """Make one object as the owner and keep it; None where the API does not let it."""
    for use_examples in (False, True):
        arguments = scene.arguments(operation, owner, use_examples=use_examples)
        exchange = await scene.call(operation, arguments, owner)
        if judging.is_accepted(exchange):
            scene.objects.append(objects.made(operation, owner.name, arguments, exchange))
            return exchange
    return None


def _made_up(scene: Scene, owner: Session) -> Credential | None:
    shown = owner.credential
    return replace(shown, value=str(values.unlike(shown.value, scene.rng))) if shown else None


def _says_something(exchange: Exchange) -> bool:
    """Whether an answer holds more than an envelope around nothing."""
    body = exchange.response.json() if exchange.response else None
    if isinstance(body, NotJson):
        # A page for browsers is the same for everybody, and fills itself afterwards.
        is_page = exchange.response is not None and exchange.response.media_type == "text/html"
        return bool(exchange.text.strip()) and not is_page
    has_empty = any(node in ([], {}, None) for _, node in walk(body))
    return not has_empty or any(_is_content(pointer, leaf) for pointer, leaf in leaves(body))


def _is_content(pointer: tuple[str | int, ...], leaf: Json) -> bool:
    name = next((str(step) for step in reversed(pointer) if isinstance(step, str)), "")
    return leaf not in (None, "", 0, False) and naming.plain(name) not in _ENVELOPE


CHECK = Check(CODE, applies, run, phase=Phase.CHANGES)
