"""Our own ear for a scan: where the API under test can call us, if anywhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from apiward.config.errors import AdvisedError
from apiward.config.scanning import place_of
from apiward.core.ports import CallListener
from apiward.net.call_listener import OwnListener
from apiward.net.hosts import Scope


@contextmanager
def listening(place: str, scope: Scope | None) -> Iterator[CallListener | None]:
    """Listen at `place` ("192.168.1.5:8600") while the scan runs; without one, only for a server on this computer.

    `scope` is None for an app of this process: nothing is listened on unless it is asked for.
    Raises AdvisedError where nobody can listen there.
    """
    if not place and scope is not Scope.LOOPBACK:
        yield None
        return
    host, port = place_of(place) if place else ("127.0.0.1", 0)
    listener = OwnListener(host, port, clock=time.time)
    try:
        listener.start()
    except OSError as error:
        if not place:
            yield None  # nobody asked for it: the checks that need it say so
            return
        raise AdvisedError(
            f"We cannot listen at {place}.",
            f"{error.strerror}.",
            "Name another port with --listen, or leave checks that need it out with --skip SSR01,AUT26.",
        ) from None
    try:
        yield listener
    finally:
        listener.close()
