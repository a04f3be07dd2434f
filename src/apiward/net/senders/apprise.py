"""Any other service, by the package Apprise where it is installed: `pip install 'apiward[apprise]'`."""

import asyncio
import importlib
import logging
from typing import Any, Final

from apiward.core.finding import Severity
from apiward.core.notice import Notice, NotToldError

# It writes addresses into its log, which hold secrets, and what nobody listens to comes out on the terminal.
_LOG: Final = logging.getLogger("apprise")
_LOG.propagate = False
_LOG.addHandler(logging.NullHandler())


class Apprise:
    """Implements `core.notice.NoticeSender`. Apprise says only whether it went well, so nothing can follow."""

    can_follow = False

    def __init__(self, address: str) -> None:
        """Take one of Apprise's addresses. Raises ModuleNotFoundError, or ValueError where it cannot be used."""
        library: Any = importlib.import_module("apprise")
        self._service = library.Apprise()
        if not self._service.add(address):
            raise ValueError("Apprise knows no service of such an address")

    async def send(self, notice: Notice) -> str:
        """Hand the notice to Apprise, in a thread."""
        kind = "failure" if notice.severity >= Severity.HIGH else "warning"
        body = "\n\n".join(filter(None, (*notice.lines, notice.link)))
        is_sent = await asyncio.to_thread(self._service.notify, body=body, title=notice.title, notify_type=kind)
        if not is_sent:
            raise NotToldError("The service did not take it.")
        return ""
