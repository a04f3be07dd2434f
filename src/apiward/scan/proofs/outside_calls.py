"""Addresses of our own listener for one probe, in the spellings by which checks of addresses are got around."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from apiward.core.exchange import Exchange, Response
from apiward.core.ports import CallListener
from apiward.scan.scene import Scene

PAUSE_S: Final = 0.25
MAX_PAUSES: Final = 4
MAX_PAUSES_LATER: Final = 16
_LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Lure:
    """One address that is called only by who was sent it. `mark` answers the call, and stands in no address."""

    listener: CallListener
    token: str
    mark: str

    @property
    def address(self) -> str:
        """The address as it is."""
        return f"{self.listener.origin}/{self.token}"

    def spellings(self, usual: str) -> list[tuple[str, str]]:
        """Return other ways to write the address, each with what it is; `usual` is an address that is taken."""
        parts = urlsplit(self.listener.origin)
        host, port = parts.hostname or "", parts.port
        found = []
        if host == _LOOPBACK:
            named = (("the name localhost", "localhost"), ("a short form", "127.1"), ("one number", "2130706433"))
            found += [(what, f"http://{name}:{port}/{self.token}") for what, name in named]
            found.append(("an IPv6 form", f"http://[::ffff:{_LOOPBACK}]:{port}/{self.token}"))
        known = urlsplit(usual)
        if known.scheme in ("http", "https") and known.hostname:
            # Who only looks at how an address begins takes this for the usual host.
            found.append(("the usual host before an @", f"http://{known.hostname}@{host}:{port}/{self.token}"))
            found.append(("the usual address behind a #", f"{self.address}#{usual[:80]}"))
        return found

    @property
    def call(self) -> Exchange | None:
        """The call that came, if one has."""
        return self.listener.heard(self.token)


def new_lure(scene: Scene, listener: CallListener, answer: Response | None = None) -> Lure:
    """Return a lure that nobody has seen yet; who calls it gets its mark, or the `answer`."""
    token = f"{scene.rng.getrandbits(128):032x}"
    return Lure(listener, token, listener.expect(token, answer))


async def first_called(scene: Scene, lures: list[Lure], *, is_later: bool = False) -> Lure | None:
    """Return the first lure that was called. Who works in the background is given a moment; who says so, a longer."""
    pauses = MAX_PAUSES_LATER if is_later else MAX_PAUSES
    for pause in range(pauses + 1):
        for lure in lures:
            if lure.call is not None:
                return lure
        if pause < pauses and lures:
            await scene.caller.traffic.pause(PAUSE_S)
    return None
