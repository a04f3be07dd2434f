"""Cuts a client's connection when an answer of unknown length cannot be finished.

An answer that ends early must not look complete. Where its length was declared, the server in front closes the
connection itself; where it was not, granian would end it as if all were well, and offers no way to say otherwise.
So its socket is looked up by the client's address, among this process's own, and shut.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_OWN_FILES: Final = Path("/dev/fd")


def cut(host: str, port: int | str) -> bool:
    """Shut the connection that this process has with that peer; return whether there was one."""
    wanted = (host, int(port))
    for number in _sockets():
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as peer:
            if peer.family in {socket.AF_INET, socket.AF_INET6} and peer.getpeername()[:2] == wanted:
                peer.shutdown(socket.SHUT_RDWR)
                return True
    return False


def _sockets() -> Iterator[int]:
    for entry in os.listdir(_OWN_FILES):  # noqa: PTH208 - names are enough, and there may be thousands
        with contextlib.suppress(OSError, ValueError):
            number = int(entry)
            if os.readlink(_OWN_FILES / entry).startswith("socket:"):  # noqa: PTH115 - no need for a Path
                yield number
