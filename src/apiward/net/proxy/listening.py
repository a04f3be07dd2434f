"""One listening socket for all workers of granian, and workers that let go of it before they end.

On Linux granian gives each worker a socket of its own, and the system resets who waits at one when it closes. And a
worker that is told to end forgets those with whom it is still agreeing on TLS. Both cut callers off whenever a worker
was renewed. So the workers share one socket, and an old one takes nobody new for a moment before it is told to end.
"""

import asyncio
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from granian._granian import SocketHolder
from granian.server.mp import MPServer

_HOLDER: Final[Any] = SocketHolder
"""Its types leave out what it is made of."""
_LET_GO: Final = signal.SIGUSR2
_AGREEING_S: Final = 1.0
"""For so long those who were taken last may agree on TLS with a worker that is about to end."""


class OneSocketServer(MPServer):
    """granian, as this module says. What loads the app is given the number of the listening socket."""

    interrupt_signal: bool
    _sfd: Any

    def _init_shared_socket(self: Any) -> None:  # granian's types leave its sockets out
        # What granian itself does everywhere but on Linux.
        self._sso = listener(self.bind_addr, self.bind_port, self.backlog)
        self._sso.set_inheritable(True)
        self._ssp, self._sfd = None, self._sso.fileno()
        os.set_blocking(self._sfd, False)
        self._shd = _HOLDER(self._sfd, uds=False, backlog=self.backlog)

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - as MPServer does
        spawn: Any = super()._spawn_worker
        worker = spawn(idx, target, partial(callback_loader, self._sfd))
        worker.terminate = self._letting_go_first(worker, worker.terminate)
        return worker

    def _letting_go_first(self, worker: Any, terminate: Callable[[], None]) -> Callable[[], None]:  # noqa: ANN401 - as above
        def ends() -> None:
            if not self.interrupt_signal and worker.is_alive():  # else nobody is there to take who is let go
                os.kill(worker.inner.pid, _LET_GO)
                time.sleep(_AGREEING_S)
            terminate()

        return ends


def listener(host: str, port: int, backlog: int = 1) -> socket.socket:
    """Return a socket that listens there; raises OSError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=backlog)


def let_go_when_told(descriptor: int) -> None:
    """In a worker whose loop runs: stop taking callers from the socket of that number when the server says so."""
    asyncio.get_running_loop().add_signal_handler(_LET_GO, let_go, descriptor)


def let_go(descriptor: int) -> None:
    """Put a socket at which nobody can ever call in the place of one that others listen at as well."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as nobody:
        nobody.bind(str(Path(folder, "nobody")))
        nobody.listen(1)
        nobody.setblocking(False)  # noqa: FBT003 - the method's only form
        os.dup2(nobody.fileno(), descriptor, inheritable=False)


def ignore_while_starting() -> None:
    """In a worker that is not ready: being told to let go does not end it."""
    signal.signal(_LET_GO, signal.SIG_IGN)
