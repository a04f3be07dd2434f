"""Takes a request to a server and waits for its answer: connections, breakers, a second try, time limits."""

import asyncio
import math
from typing import Final

from apiward.net.proxy.calls import Call
from apiward.net.proxy.connection import Answer, Connection
from apiward.net.proxy.failures import (
    AnswerTimeoutError,
    ClientGoneError,
    NoServerError,
    UnreachableError,
    UpstreamError,
)
from apiward.net.proxy.streaming import Patience, pump_body, watch_client
from apiward.net.proxy.upstreams import Server, Upstream, Upstreams

_TICK_S: Final = 0.25


class Exchanges:
    """All exchanges under way in this process. One timer looks after all of them, which is cheaper than one each."""

    def __init__(self, upstreams: Upstreams, patience: Patience, *, watch_s: float) -> None:
        self._upstreams = upstreams
        self._patience = patience
        self._watch_s = watch_s
        self._clock = patience.clock
        self._answer_s = patience.answer_s
        self._ticker: asyncio.TimerHandle | None = None

    async def ask_again(
        self, upstream: Upstream, call: Call, server: Server, error: UpstreamError
    ) -> tuple[Server, Connection, Answer]:
        """Ask another server where that is allowed after `error`, which is raised where it is not."""
        if not call.may_go_again(error):
            raise error
        server = _another(upstream, server, error)
        return server, *await self.ask(server, upstream, call, fresh=True)

    async def ask(
        self, server: Server, upstream: Upstream, call: Call, *, fresh: bool = False
    ) -> tuple[Connection, Answer]:
        """Ask one server; raises UpstreamError, ClientGoneError.

        The connection that is returned must be given to `finish`.
        """
        clock = self._clock
        try:
            data = call.data_for(server, upstream)
            now_s = clock()
            connection = None if fresh else server.pool.take_idle(now_s)
            if connection is None:
                connection = await server.pool.take_new()
                now_s = clock()
        except UnreachableError:
            server.breaker.failed(self._clock())
            raise
        except BaseException:  # nothing was learnt of the server: a probe must not count as under way for ever
            server.breaker.forgot()
            raise
        try:
            if self._ticker is None:
                self._ticker = asyncio.get_running_loop().call_later(_TICK_S, self._tick)
            connection.started_s = now_s
            connection.deadline_s = now_s + self._answer_s
            connection.receive = call.receive
            asked = connection.ask(data, is_head_request=call.method == "HEAD", is_whole=call.is_whole)
            if not call.is_whole:
                work = pump_body(connection, call.receive, call.outgoing.length, len(call.body), self._patience)
                connection.watcher = asyncio.get_running_loop().create_task(work)
            answer = await asked
            connection.deadline_s = math.inf
        except UpstreamError as error:
            server.breaker.failed(self._clock())
            error.has_answered = connection.has_answered
            self.finish(server, connection)
            raise
        except BaseException:  # the client is gone or the server stops: cut the line, blame nobody
            server.breaker.forgot()
            connection.fail(ClientGoneError())
            self.finish(server, connection)
            raise
        server.breaker.succeeded()
        return connection, answer

    def finish(self, server: Server, connection: Connection) -> None:
        """End an exchange, however far it came."""
        connection.receive = None
        connection.deadline_s = math.inf
        if connection.watcher is not None:
            connection.watcher.cancel()
            connection.watcher = None
        server.pool.give_back(connection)

    def _tick(self) -> None:
        """Look after all exchanges at once: one timer for all is cheaper than one for each."""
        self._ticker = None
        loop = asyncio.get_running_loop()
        now_s = self._clock()
        is_used = False
        for server in self._upstreams.servers:
            server.pool.prune(now_s)
            for connection in tuple(server.pool.busy):
                if now_s >= connection.deadline_s:
                    connection.fail(AnswerTimeoutError("the upstream was silent for too long"))
                elif connection.receive and not connection.watcher and now_s - connection.started_s >= self._watch_s:
                    connection.watcher = loop.create_task(watch_client(connection, connection.receive))
            is_used = is_used or server.pool.open_count > 0
        if is_used:
            self._ticker = loop.call_later(_TICK_S, self._tick)

    def close(self) -> None:
        """Close idle connections and stop looking after them."""
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None
        for server in self._upstreams.servers:
            server.pool.close()


def _another(upstream: Upstream, failed: Server, error: UpstreamError) -> Server:
    """Return a server for the second try, or raise `error` where it would make no difference."""
    try:
        server = upstream.pick(other_than=failed)
    except NoServerError:
        raise error from None
    if server is failed and not error.was_sent:
        server.breaker.forgot()
        raise error
    return server
