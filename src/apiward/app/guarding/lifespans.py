"""The start and the end of an app's life, with the guard in between (ASGI "Lifespan Protocol")."""

from apiward.app.guarding.living import LiveGuard
from apiward.app.guarding.log import log
from apiward.config.errors import AdvisedError
from apiward.net.messages import App, Message, Receive, Send


async def live(app: App, guard: LiveGuard, scope: Message, receive: Receive, send: Send) -> None:
    """Start the guard when the app has started, and end it when the app has ended.

    For an app that knows nothing of such messages (Django's), the guard answers them itself.
    """
    life = _Life(guard, receive, send)
    try:
        await app(scope, life.receive, life.send)
    except Exception as error:  # an app without a lifespan raises anything (ASGI 3.0, "Lifespan Protocol")
        if life.has_begun:
            raise
        log("The app takes no message at its start. The guard starts without.", why=type(error).__name__)
    finally:
        if life.has_begun:
            await life.stop()
    if not life.has_begun:
        await life.alone()


async def alone(scope: Message, receive: Receive, send: Send) -> None:
    """Be an app that has nothing to do at its start and at its end."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


class _Life:
    """One lifespan: hands its messages on, and starts and stops the guard on the way."""

    def __init__(self, guard: LiveGuard, receive: Receive, send: Send) -> None:
        self._guard = guard
        self._receive = receive
        self._send = send
        self._was_asked = False
        self._is_running = False
        self._has_failed = False
        self.has_begun = False

    async def receive(self) -> Message:
        """Give the app the next message; where the guard could not start, the one that ends it."""
        if self._has_failed:
            return {"type": "lifespan.shutdown"}
        message = await self._receive()
        self._was_asked = True
        return message

    async def send(self, message: Message) -> None:
        """Take a message of the app."""
        self.has_begun = True
        if self._has_failed:
            return
        if message["type"] == "lifespan.startup.complete":
            message = await self._started(message)
        elif message["type"].startswith("lifespan.shutdown"):
            await self.stop()
        await self._send(message)

    async def alone(self) -> None:
        """Answer for an app that does not."""
        if not self._was_asked:
            await self._receive()
        await self.send({"type": "lifespan.startup.complete"})
        if not self._has_failed:
            await self._receive()
            await self.send({"type": "lifespan.shutdown.complete"})

    async def stop(self) -> None:
        """End the guard, once."""
        if self._is_running:
            self._is_running = False
            await self._guard.stop()

    async def _started(self, message: Message) -> Message:
        try:
            await self._guard.start()
        except AdvisedError as error:
            self._has_failed = True
            return {"type": "lifespan.startup.failed", "message": str(error)}
        self._is_running = True
        return message
