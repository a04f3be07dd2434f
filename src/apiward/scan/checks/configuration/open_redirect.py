"""CFG09: the server sends browsers wherever a link says (CWE-601, OWASP ASVS 5.0.0, 3.7.2).

Proves: with a made-up host in this parameter, the answer leads a browser to that host; without it, it does not.
Cannot: see redirects that a page makes with a script.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from apiward.core.api import Operation, Place
from apiward.core.exchange import Exchange
from apiward.core.verdict import Verdict
from apiward.scan.api import Check, Saying
from apiward.scan.calling.arguments import Arguments, Slot
from apiward.scan.proofs import address_slots, openings
from apiward.scan.scene import Scene
from apiward.spec.meaning import accounts, dangers

CODE = "CFG09"
MAX_SLOTS: Final = 3
_REFRESH: Final = re.compile(
    r"<meta[^>]{1,100}http-equiv=[\"']?refresh[\"']?[^>]{1,100}url=[\"']?([^\"'>\s]{1,500})", re.IGNORECASE
)
_DROPPED: Final = str.maketrans("\\", "/", "\t\r\n")


def applies(scene: Scene, operation: Operation) -> bool:
    """Whether it is read by a link that may say where to go next."""
    return operation.method == "GET" and bool(_names(operation)) and dangers.danger(operation) is None


async def run(scene: Scene, operation: Operation) -> Verdict:
    """Put a made-up host into the link, in the forms that browsers understand."""
    say = Saying(CODE, operation.key)
    session = scene.owner if operation.is_secured and not accounts.is_log_out(operation) else None
    base, control = await openings.working(scene, operation, session)
    if control.response is None:
        return say.unsure("no answer to a proper request")
    was_clear = False
    for name in _names(operation)[:MAX_SLOTS]:
        host = f"aw{scene.rng.getrandbits(40):010x}.example"
        for what, text in _forms(host, control):
            arguments: Arguments = base.put(Slot(Place.QUERY.value, (name,)), text)
            attack = await scene.call(operation, arguments, session)
            was_clear = was_clear or not attack.is_doubtful
            if _leads_to(attack, host) and not _leads_to(control, host):
                saw = f"{what} in query {name} leads the browser there ({text})"
                return say.broken(saw, attack, control, place=f"query {name}")
            if (
                attack.is_success
                and host not in attack.text
                and attack.response
                and not attack.response.header("refresh")
            ):
                break  # nobody is sent anywhere by this value
    return say.holds("links could not lead to another host") if was_clear else say.unsure("no clear answer")


def _names(operation: Operation) -> list[str]:
    return [
        one.name
        for one in operation.parameters_in(Place.QUERY)
        if address_slots.goes_on(one.name)
        and (not one.schema.types or "string" in one.schema.types)
        and not one.schema.enum
    ]


def _forms(host: str, control: Exchange) -> Iterator[tuple[str, str]]:
    own = urlsplit(control.request.url).netloc
    yield "an address", f"https://{host}/"
    yield "an address without its beginning", f"//{host}/"
    yield "an address with a backslash", f"/\\{host}/"
    yield "an address that begins like yours", f"https://{own}@{host}/"


def _leads_to(exchange: Exchange, host: str) -> bool:
    """Whether a browser goes to that host after the answer."""
    if exchange.response is None:
        return False
    place = exchange.response.header("location") if 300 <= exchange.status < 400 else None
    refresh = (exchange.response.header("refresh") or "").partition("=")[2]
    found = _REFRESH.search(exchange.text[:20_000]) if exchange.response.media_type == "text/html" else None
    targets = (place, refresh, unescape(found[1]) if found else "")
    return any(_host(exchange.request.url, target) == host for target in targets if target)


def _host(base: str, target: str) -> str:
    """Return the host that a browser takes from a target: it reads a backslash as a slash, and drops line ends."""
    try:
        return urlsplit(urljoin(base, target.strip(" '\"").translate(_DROPPED))).hostname or ""
    except ValueError:
        return ""


CHECK = Check(CODE, applies, run)
