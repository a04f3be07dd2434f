"""Calls operations of one target: the request, its credential, its extra headers, through the one way out."""

from dataclasses import replace
from typing import Final

from apiward.core.account import Credential
from apiward.core.api import Operation
from apiward.core.exchange import Exchange, Headers, Request
from apiward.scan.calling import graphql
from apiward.scan.calling.arguments import Arguments, build_request
from apiward.scan.calling.set_cookies import set_cookies
from apiward.scan.calling.showing import with_credential
from apiward.scan.calling.traffic import Traffic

MAX_COOKIES: Final = 50
_JSON: Final = "application/json"


class Caller:
    """`origin` is scheme, host, port and any path prefix of the target, without a slash at the end.

    `asked` holds the keys of the operations that were called, `served` of those that ever answered with a 2xx.
    `cookies_set` holds for the name of each cookie the first exchange that set it, if there are not too many.
    """

    def __init__(self, origin: str, traffic: Traffic, extra_headers: Headers = ()) -> None:
        self.origin = origin
        self.traffic = traffic
        self._extra_headers = extra_headers
        self.asked: set[str] = set()
        self.served: set[str] = set()
        self.cookies_set: dict[str, Exchange] = {}

    async def call(
        self,
        operation: Operation,
        arguments: Arguments,
        credential: Credential | None = None,
        *,
        headers: Headers = (),
        timeout_s: float | None = None,
        backs_off: bool = True,
    ) -> Exchange:
        """Send one call of an operation with exactly this credential."""
        request = with_credential(self.request_for(operation, arguments), credential)
        whole = self._whole(request, headers)
        exchange = await self.traffic.send(whole, timeout_s=timeout_s, backs_off=backs_off, key=operation.key)
        self._note_cookies(exchange)
        if operation.field is not None and exchange.response is not None:
            said = graphql.answer_of(operation.field, exchange.response)
            exchange = replace(exchange, response=said, came=exchange.response)
        self.asked.add(operation.key)
        if exchange.is_success:
            self.served.add(operation.key)
        return exchange

    def request_for(self, operation: Operation, arguments: Arguments) -> Request:
        """Return the request that calls an operation, without a credential."""
        field = operation.field
        if field is None:
            return build_request(operation, arguments, self.origin)
        body = Arguments(
            header=arguments.header, cookie=arguments.cookie, body=graphql.body_of(field, arguments), media_type=_JSON
        )
        return build_request(operation.carrier, body, self.origin)

    async def send(
        self, request: Request, *, headers: Headers = (), timeout_s: float | None = None, backs_off: bool = True
    ) -> Exchange:
        """Send a request as it is, with the scan's extra headers."""
        whole = self._whole(request, headers)
        exchange = await self.traffic.send(whole, timeout_s=timeout_s, backs_off=backs_off)
        self._note_cookies(exchange)
        return exchange

    def _note_cookies(self, exchange: Exchange) -> None:
        for name, morsel in set_cookies(exchange):
            if morsel.value and len(self.cookies_set) < MAX_COOKIES:
                self.cookies_set.setdefault(name, exchange)

    def _whole(self, request: Request, headers: Headers) -> Request:
        added = (*self._extra_headers, *headers)
        names = {name.lower() for name, _ in added}
        kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
        return Request(request.method, request.url, (*kept, *added), request.body)
