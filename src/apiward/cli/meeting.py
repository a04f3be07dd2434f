"""Before anything is checked: whether we may, and what is there."""

import contextlib

from apiward.app.scanning import Described, Permission, ask_permission, describe, root_of
from apiward.cli.speaking import say
from apiward.cli.state import State
from apiward.cli.wanted import Wanted
from apiward.core.ports import Sender


async def meet(sender: Sender, asked: Wanted, state: State) -> tuple[Described, Permission]:
    """Return the API with the permission to scan where it answers. Raises CannotScanError."""
    permission = await _permission(sender, asked.url, asked, state)
    described = await describe(sender, asked.url, asked.spec)
    if root_of(described.origin) != root_of(asked.url):
        say(f"The description says that the API answers at {described.origin}.")
        permission = await _permission(sender, described.origin, asked, state)
    return described, permission


async def _permission(sender: Sender, url: str, asked: Wanted, state: State) -> Permission:
    permission = await ask_permission(sender, url, secret=state.secret, is_stated=asked.is_stated)
    if permission.is_public:
        with contextlib.suppress(OSError):  # the report says it as well; a full disk must not stop a scan
            state.note_permission(permission.host, permission.ground)
    return permission
