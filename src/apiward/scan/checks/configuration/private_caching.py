"""CFG08: caches on the way may keep private answers and give them to others (CWE-524, CWE-525, RFC 9111).

Proves: an answer that is refused without a log-in says that shared caches may keep it (section 3.5), and not that
it differs by who asks. Cannot: say whether there is such a cache on the way.
"""

from collections.abc import Iterator
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange, Response
from apiward.core.verdict import Verdict
from apiward.scan.api import WHOLE_API, Check, Saying
from apiward.scan.proofs import looked_at
from apiward.scan.scene import Scene

CODE = "CFG08"
MAX_NAMED: Final = 4
_KEPT_BACK: Final = frozenset({"no-store", "private", "no-cache"})


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether the operation speaks for the host."""
    return operation is looked_at.representative(scene)


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Read what private answers say about caches."""
    say = Saying(CODE, WHOLE_API)
    private = [(one, shown) for one in scene.operations if (shown := looked_at.private_view(scene, one)) is not None]
    if not private:
        return say.not_run("no answer was seen that needs a log-in")
    found = [(one, shown) for one, shown in private if _may_be_shared(scene, one, shown)]
    if not found:
        return say.holds(f"{len(private)} private answers are kept out of shared caches")
    named = ", ".join(one.key for one, _ in found[:MAX_NAMED])
    more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
    shown = found[0][1]
    said = "; ".join(shown.response.all_headers("cache-control")) if shown.response else ""
    refused = scene.seen(found[0][0], None)
    return say.broken(f"shared caches may keep the private answers of {named}{more} ({said})", shown, refused)


def _may_be_shared(scene: Scene, operation: Operation, shown: Exchange) -> bool:
    response = shown.response
    if response is None or scene.owner is None:
        return False
    said = dict(_directives(response))
    if _KEPT_BACK & said.keys() or _varies(response, scene.owner.credential_for(_area(scene, operation))):
        return False
    if "public" in said or _seconds(said.get("s-maxage", "")) > 0:
        return True
    if shown.request.header("authorization") is not None:
        return "must-revalidate" in said and _seconds(said.get("max-age", "")) > 0  # section 3.5
    return _seconds(said.get("max-age", "")) > 0


def _area(scene: Scene, operation: Operation) -> frozenset[str]:
    return scene.accounts.area_of(operation).schemes


def _varies(response: Response, credential: Credential | None) -> bool:
    """Whether the answer says that it differs by what shows who asks."""
    named = {name.strip().lower() for line in response.all_headers("vary") for name in line.split(",")}
    if credential is None:
        return bool({"*", "authorization", "cookie"} & named)
    shown_in = {Place.HEADER: credential.name.lower(), Place.COOKIE: "cookie"}.get(credential.place, "*")
    return bool({"*", shown_in} & named) or credential.place is Place.QUERY


def _directives(response: Response) -> Iterator[tuple[str, str]]:
    for line in response.all_headers("cache-control"):
        for part in line.split(","):
            name, _, value = part.strip().partition("=")
            yield name.lower(), value.strip('"')


def _seconds(text: str) -> int:
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


CHECK = Check(CODE, applies, run, is_passive=True)
