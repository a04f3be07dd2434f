"""Before anything is checked: whether we may, and what is there."""

import contextlib
from collections.abc import Iterator
from typing import Final

from apiward.app.scanning import Described, Permission, ask_permission, describe, in_process, root_of
from apiward.cli.speaking import say
from apiward.cli.state import State
from apiward.cli.wanted import Wanted
from apiward.core.api import Place
from apiward.core.exchange import Headers
from apiward.core.ports import Sender
from apiward.prove.neutral import one_line

MAX_NAMED: Final = 3


async def meet(
    sender: Sender, asked: Wanted, state: State, *, only_reads: bool = False
) -> tuple[Described, Permission]:
    """Return the API with the permission to scan where it answers. Raises CannotScanError.

    With `only_reads`, a description is needed: no operation is looked for.
    """
    permission = await _permission(sender, asked.url, asked, state)
    described = await describe(sender, asked.url, asked.spec, asked.also, headers=_shown(asked), only_reads=only_reads)
    for line in differences(described):
        say(line)
    if described.looked_around:
        say(
            f"The API has no description. Looking around found {len(described.api.operations)} operations, "
            f"with {described.looked_around:,} requests that only read."
        )
    if root_of(described.origin) != root_of(asked.url):
        say(f"The description says that the API answers at {described.origin}.")
        permission = await _permission(sender, described.origin, asked, state)
    return described, permission


def differences(described: Described) -> Iterator[str]:
    """Yield a line for each input that names operations which the others do not, or lacks some."""
    for place, more, less in described.differences:
        if more:
            yield f"{place} names {len(more)} operations that no input before it names: {_some(more)}"
        if less:
            yield f"{place} does not name {len(less)} operations that the others name: {_some(less)}"


def _some(keys: tuple[str, ...]) -> str:
    more = f" and {len(keys) - MAX_NAMED} more" if len(keys) > MAX_NAMED else ""
    return ", ".join(one_line(key) for key in keys[:MAX_NAMED]) + more


def _shown(asked: Wanted) -> Headers:
    """Return the headers to look around with: those that were named, and those of the first account with a token."""
    credential = next((one.credential for one in asked.accounts if one.credential is not None), None)
    if credential is None or credential.place is Place.QUERY:
        return asked.headers
    own = ("Cookie", f"{credential.name}={credential.shown}")
    return (*asked.headers, (credential.name, credential.shown) if credential.place is Place.HEADER else own)


async def _permission(sender: Sender, url: str, asked: Wanted, state: State) -> Permission:
    if asked.app:
        return in_process(url)
    permission = await ask_permission(sender, url, secret=state.secret, is_stated=asked.is_stated)
    if permission.is_public:
        with contextlib.suppress(OSError):  # the report says it as well; a full disk must not stop a scan
            state.note_permission(permission.host, permission.ground)
    return permission
