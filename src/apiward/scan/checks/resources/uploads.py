"""RES06: a page with a script is taken in place of a picture, and served as a page (CWE-434, OWASP API8:2023).

Proves: a file with a script of our own, sent in a field for pictures, came back from the API's own origin as a page
that a browser would run, twice, with no log-in but a cookie; a picture that was sent in the same way was taken, too.
Cannot: see files that are served from elsewhere or looked at by people later, or fields that take any kind of file.
"""

from dataclasses import replace

from apiward.core.account import Origin
from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying, worst_of
from apiward.scan.calling import multipart, pictures
from apiward.scan.calling.arguments import Arguments, build_request, flat_fields
from apiward.scan.calling.multipart import Upload
from apiward.scan.calling.showing import with_credential
from apiward.scan.identities.sessions import Session
from apiward.scan.level import Level, Phase
from apiward.scan.meaning import judging
from apiward.scan.ownership import objects
from apiward.scan.ownership.objects import OwnedObject
from apiward.scan.proofs import openings, served_files
from apiward.scan.proofs.disguises import DISGUISES, Disguise, script
from apiward.scan.proofs.survey import word
from apiward.scan.scene import Scene

CODE = "RES06"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation takes a picture."""
    return operation.method in ("POST", "PUT", "PATCH") and bool(pictures.picture_field(operation))


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Send a picture, then pages in its place; look at how what was taken is served."""
    say = Saying(CODE, operation.key)
    why_not = openings.own_write(scene, operation)
    if why_not is not None:
        return say.not_run(why_not)
    session, field = scene.owner, pictures.picture_field(operation)
    is_given = session is not None and session.account.origin is Origin.GIVEN
    if is_given and not objects.makes(operation):
        return say.not_run("might take the place of a picture that was there before the scan")
    control, _ = await _sent(scene, operation, session, pictures.picture(field, word(scene.rng)))
    if not judging.is_accepted(control):
        return say.not_run("not even a small picture of ours was taken")
    said = []
    try:
        for disguise in DISGUISES:
            verdict = await _tried(scene, operation, session, say, disguise, control)
            if verdict is not None and verdict.evidence is not None:
                return verdict
            said += [verdict] if verdict is not None else []
    finally:
        if not objects.makes(operation):
            await _sent(scene, operation, session, pictures.picture(field, word(scene.rng)))
    return worst_of(said) if said else say.holds("pages in place of a picture were refused")


async def _tried(
    scene: Scene, operation: Operation, session: Session | None, say: Saying, disguise: Disguise, control: Exchange
) -> Verdict | None:
    """Send one kind of page; None where it was refused."""
    field, sent = pictures.picture_field(operation), control
    shown: list[Exchange] = []
    while len(shown) < 2:
        name = word(scene.rng)
        sent, made = await _sent(scene, operation, session, disguise.make(field, name))
        if not judging.is_accepted(sent):
            if judging.is_refused(sent) and not shown:
                return None
            return say.unsure(f"{disguise.words} in place of a picture got no clear answer")
        served = await served_files.found(scene, operation, session, sent, made)
        text = script(name)
        running = [one for one in served if served_files.runs(one, name, text, disguise.runs_as)]
        if not running:
            return _not_running(
                say, disguise, is_first=not shown, is_found=any(one.status not in (0, 404) for one in served)
            )
        shown.append(running[0])
    saw = f"{disguise.words} was taken in place of a picture in {field}, and came back as a page that a browser runs"
    return say.broken(saw, shown[0], control, more=(sent, shown[1]), place=f"body {field}")


def _not_running(say: Saying, disguise: Disguise, *, is_first: bool, is_found: bool) -> Verdict:
    if not is_first:
        return say.unsure(f"{disguise.words} was served as a page once, and not again")
    if not is_found:
        return say.unsure(f"{disguise.words} was taken in place of a picture; where it is served was not found")
    return say.holds(f"{disguise.words} was taken in place of a picture, and is served as none that runs")


async def _sent(
    scene: Scene, operation: Operation, session: Session | None, upload: Upload
) -> tuple[Exchange, OwnedObject | None]:
    """Send a file in a form that is else filled as usual; return also the object that this made."""
    base = scene.arguments(operation, session)
    others = {} if not isinstance(base.body, dict) else {k: v for k, v in base.body.items() if k != upload.field}
    bare = Arguments(base.path, base.query, base.header, base.cookie)
    kind, body = multipart.encoded(flat_fields(others) if others else [], [upload])
    request = build_request(operation, bare, scene.caller.origin)
    if session is not None:
        request = with_credential(request, await session.current(scene.accounts.area_of(operation).schemes))
    exchange = await scene.send(replace(request, headers=(*request.headers, ("Content-Type", kind)), body=body))
    made = None
    if session is not None and judging.is_accepted(exchange) and objects.makes(operation):
        made = replace(objects.made(operation, session.name, base, exchange), marks=frozenset())
        scene.objects.prepend([made])  # at the front, so that later calls still prefer the objects with proper names
    return exchange, made


CHECK = Check(CODE, applies, run, level=Level.WRITE, phase=Phase.TIMING)
