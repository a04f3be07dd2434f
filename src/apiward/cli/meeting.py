"""Before anything is checked: whether we may, and what is there."""

import contextlib

from apiward.app.scanning import Described, Permission, ask_permission, describe, root_of
from apiward.cli.speaking import say
from apiward.cli.state import State
from apiward.cli.wanted import Wanted
from apiward.core.api import Place
from apiward.core.exchange import Headers
from apiward.core.ports import Sender


async def meet(sender: Sender, asked: Wanted, state: State) -> tuple[Described, Permission]:
    """Return the API with the permission to scan where it answers. Raises CannotScanError."""
    permission = await _permission(sender, asked.url, asked, state)
    described = await describe(sender, asked.url, asked.spec, headers=_shown(asked))
    if described.looked_around:
        say(
            f"The API has no description. Looking around found {len(described.api.operations)} operations, "
            f"with {described.looked_around:,} requests that only read."
        )
    if root_of(described.origin) != root_of(asked.url):
        say(f"The description says that the API answers at {described.origin}.")
        permission = await _permission(sender, described.origin, asked, state)
    return described, permission


def _shown(asked: Wanted) -> Headers:
    """Return the headers to look around with: those that were named, and those of the first account with a token."""
    credential = next((one.credential for one in asked.accounts if one.credential is not None), None)
    if credential is None or credential.place is Place.QUERY:
        return asked.headers
    own = ("Cookie", f"{credential.name}={credential.shown}")
    return (*asked.headers, (credential.name, credential.shown) if credential.place is Place.HEADER else own)


async def _permission(sender: Sender, url: str, asked: Wanted, state: State) -> Permission:
    permission = await ask_permission(sender, url, secret=state.secret, is_stated=asked.is_stated)
    if permission.is_public:
        with contextlib.suppress(OSError):  # the report says it as well; a full disk must not stop a scan
            state.note_permission(permission.host, permission.ground)
    return permission
