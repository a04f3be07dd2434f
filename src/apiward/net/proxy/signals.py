"""Moments in which a worker of granian would swallow a SIGTERM, and then be killed only when the drain is over.

Right after the fork it has the main process's handlers, which do nothing there. And before its start-up, and after it
until its main loop runs, uvloop listens to no signal. In these, signals are held back until somebody hears them.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Final

from apiward.net.proxy.messages import App, Message, Receive, Scope, Send

_ENDINGS: Final = (signal.SIGTERM, signal.SIGINT)
# Any time will do: the timer cannot fire before the next loop runs, which is the one that hears.
_SOON_S: Final = 0.02


def fork_cleanly() -> None:
    """Let every process that is forked from now on begin with the system's own handling of signals."""
    os.register_at_fork(before=_hold, after_in_parent=_let_go, after_in_child=_begin)


def holding_while_starting(app: App, *, once_running: Callable[[], None]) -> App:
    """Hold signals back but for the start-up of `app`, until the loop runs after it; return what granian is to run.

    That is when `once_running` is called.
    """
    _hold()

    def outer(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "lifespan":
            return app(scope, receive, send)
        _let_go()
        return app(scope, receive, holding(send))

    def holding(send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                _hold()
                asyncio.get_running_loop().call_later(_SOON_S, begin)
            await send(message)

        return sent

    def begin() -> None:
        _let_go()
        once_running()

    return outer


def _hold() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)


def _let_go() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)


def _begin() -> None:
    for number in _ENDINGS:
        signal.signal(number, signal.SIG_DFL)
    _let_go()
