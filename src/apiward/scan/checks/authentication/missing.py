"""AUT01: an operation that is described as secured answers callers without a log-in (CWE-306, OWASP API2:2023).

Proves: without a credential, or with a made-up one, the answer is as good as the one that a logged-in
account gets. Cannot: know what is meant to be public where the description says otherwise; it
neither changes nor deletes what exists (the checks of the object family do).
"""

from dataclasses import replace

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.jsonvalue import Json, NotJson, leaves, walk
from apiward.core.verdict import Confidence, Verdict
from apiward.scan import judging, naming, objects, roles, values
from apiward.scan.api import Check, Saying
from apiward.scan.level import Level, Phase
from apiward.scan.scene import ANONYMOUS, Scene
from apiward.scan.sessions import Session

CODE = "AUT01"
_ENVELOPE = frozenset(
    "status success ok message msg code error errors total count page pages limit offset size perpage pagesize hasmore "
    "next previous prev nextpage timestamp time version".split()
)


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the description asks for a log-in, and trying without one does no harm."""
    if not operation.is_secured or roles.is_account_operation(operation):
        return False
    return operation.is_safe or operation in objects.makers((operation,))


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
    own = await scene.call(operation, arguments, owner)
    if not judging.is_accepted(own):
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
                return say.unsure("the answers are the same with and without a log-in, but empty")
            saw = f"A caller {words} got the same kind of answer as an account that was logged in."
            return say.broken(saw, exchange, own, more=(again,))
        tried.append(exchange)
    if any(exchange.is_doubtful for exchange in tried):
        return say.unsure("the server failed on a request without a proper log-in")
    return say.holds("callers without a log-in, and with a made-up credential, did not get the answer")


async def _make(scene: Scene, operation: Operation, say: Saying, owner: Session) -> Verdict:
    mine = await scene.create(operation, owner)
    if mine is None or mine.sent is None:
        return say.not_run("a logged-in account could not use this either")
    control = await scene.call(operation, scene.arguments(operation, owner), owner)
    if not judging.is_accepted(control):
        return say.unsure("a logged-in account was answered once in this way, once in that")
    scene.objects.append(objects.made(operation, owner.name, mine.sent, control))
    for words, credential in (("without a log-in", None), ("with a made-up credential", _made_up(scene, owner))):
        arguments = scene.arguments(operation, owner)
        exchange = await scene.call(operation, arguments, credential=credential)
        if exchange.is_doubtful:
            return say.unsure(f"the request {words} got no clear answer")
        if judging.is_accepted(exchange) and judging.is_alike(exchange, control):
            made = objects.made(operation, ANONYMOUS, arguments, exchange)
            scene.objects.append(made)
            is_named = f"{made.noun}id" in made.names or bool(made.marks & objects.marks_in(exchange.text))
            saw = f"A caller {words} could use this as an account that was logged in can."
            confidence = Confidence.PROVED if is_named else Confidence.LIKELY
            return say.broken(saw, exchange, control, confidence=confidence)
    return say.holds("callers without a log-in, and with a made-up credential, were refused")


def _made_up(scene: Scene, owner: Session) -> Credential | None:
    shown = owner.credential
    return replace(shown, value=str(values.unlike(shown.value, scene.rng))) if shown else None


def _says_something(exchange: Exchange) -> bool:
    """Whether an answer holds more than an envelope around nothing."""
    body = exchange.response.json() if exchange.response else None
    if isinstance(body, NotJson):
        return bool(exchange.text.strip())
    has_empty = any(node in ([], {}, None) for _, node in walk(body))
    return not has_empty or any(_is_content(pointer, leaf) for pointer, leaf in leaves(body))


def _is_content(pointer: tuple[str | int, ...], leaf: Json) -> bool:
    name = next((str(step) for step in reversed(pointer) if isinstance(step, str)), "")
    return leaf not in (None, "", 0, False) and naming.plain(name) not in _ENVELOPE


CHECK = Check(CODE, applies, run, phase=Phase.CHANGES)
