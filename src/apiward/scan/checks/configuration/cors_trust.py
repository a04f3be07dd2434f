"""CFG04: foreign websites may read answers with a customer's log-in (CWE-942, OWASP API8:2023). Once for the host.

Proves: the API named a foreign origin as trusted, together with permission to send credentials, and named
no origin where none asked. Cannot: say whether a browser holds a log-in that would be sent.
"""

from urllib.parse import urlsplit

from apiward.core.api import Operation
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG04"


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene) and operation.method == "GET"


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Ask as foreign origins, some of which look like the API's own; the control names no origin."""
    say = Saying(CODE, WHOLE_API)
    control = await _ask(scene, operation, None)
    if control.response is None:
        return say.unsure("no answer")
    own = _own_origin(control)
    is_answered = False
    for what, origin in _foreign(scene, own):
        attack = await _ask(scene, operation, origin)
        is_answered = is_answered or attack.response is not None
        if _trusts(attack, origin) and not _trusts(control, origin):
            return say.broken(f"{what} ({origin}) may read answers with the visitor's log-in", attack, control)
    if not is_answered:
        return say.unsure("no answer to any request from another origin")
    return say.holds("no foreign origin was trusted with credentials")


async def _ask(scene: Scene, operation: Operation, origin: str | None) -> Exchange:
    arguments = scene.arguments(operation, scene.owner)
    headers = (("Origin", origin),) if origin else ()
    return await scene.call(operation, arguments, scene.owner, headers=headers)


def _own_origin(control: Exchange) -> str:
    """Return the origin that answers name of their own accord, else the API's address."""
    named = control.response.header("access-control-allow-origin") if control.response else None
    if named and named.startswith("http"):
        return named.rstrip("/")
    parts = urlsplit(control.request.url)
    return f"{parts.scheme}://{parts.netloc}"


def _foreign(scene: Scene, own: str) -> list[tuple[str, str]]:
    parts = urlsplit(own)
    host = parts.hostname or "localhost"
    name = f"aw{scene.rng.randrange(10**6)}"
    found = [
        ("any website", f"https://{name}.example"),
        ("a website whose name begins like yours", f"{own}.{name}.example"),
        ("a website whose name begins like yours", f"{parts.scheme}://{host}.{name}.example"),
        ("a website whose name ends like yours", f"{parts.scheme}://{name}{parts.netloc}"),
        ("a page without an origin", "null"),
    ]
    return [*found, ("an unencrypted page", f"http://{parts.netloc}")] if parts.scheme == "https" else found


def _trusts(exchange: Exchange, origin: str) -> bool:
    response = exchange.response
    if response is None:
        return False
    allowed = (response.header("access-control-allow-origin") or "").strip()
    may_send = (response.header("access-control-allow-credentials") or "").strip().lower()
    return allowed == origin and may_send == "true"


CHECK = Check(CODE, applies, run)
