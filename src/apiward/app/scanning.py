"""What comes before a scan: the sender, the permission, and the description with where it is served."""

import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final, Protocol
from urllib.parse import urljoin, urlsplit, urlunsplit

from apiward.app.discovering import look_around, passing_learner
from apiward.config.errors import AdvisedError
from apiward.core.api import Api, Operation
from apiward.core.exchange import Exchange, Headers, Request
from apiward.core.ports import Sender
from apiward.net.hosts import Resolver, Scope, literal_address, resolve_scope, system_resolver
from apiward.net.ownership import PROOF_HEADER, PROOF_PATH, challenge, prove_control
from apiward.net.sender import CONNECTIONS, HttpSender
from apiward.net.sockets import UnusableCertificateError
from apiward.scan.level import Level
from apiward.spec.errors import DescriptionError
from apiward.spec.finding import find_description
from apiward.spec.graphql.describing import DIALECT as GRAPHQL
from apiward.spec.graphql.describing import moved_to
from apiward.spec.graphql.finding import NEAR, find_graphql
from apiward.spec.joining import joined
from apiward.spec.limits import DEFAULT_LIMITS
from apiward.spec.meaning import accounts, dangers
from apiward.spec.reading import read_description
from apiward.spec.samples.reading import read_input

MAX_REDIRECTS: Final = 3
MAX_TRIED: Final = 3
MAX_PLACES: Final = 5
IN_PROCESS: Final = "in this process"
"""The ground on which an app object is scanned: nothing is sent to any host."""


class CannotScanError(AdvisedError):
    """Nothing, or not enough, could be looked at."""

    exit_code: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class Permission:
    """Why this host may be scanned: `ground` is loopback, private, file, header, stated or IN_PROCESS."""

    host: str
    scope: Scope
    ground: str

    @property
    def is_public(self) -> bool:
        """Whether the host is neither this computer nor on a private network."""
        return self.scope is Scope.PUBLIC

    @property
    def is_in_process(self) -> bool:
        """Whether it is an app object that is scanned."""
        return self.ground == IN_PROCESS

    @property
    def default_level(self) -> Level:
        """How far a scan goes when nobody says it."""
        return Level.FULL if self.scope is Scope.LOOPBACK else Level.READ


@dataclass(frozen=True, slots=True)
class Described:
    """An API with where it answers: `origin` is scheme, host, port and a prefix, without a slash at the end.

    `looked_around` counts the requests that finding its operations took, where nothing describes it. `differences`
    tells for each further input what it names that the ones before do not, and the other way round.
    """

    api: Api
    origin: str
    looked_at: tuple[tuple[str, str], ...] = ()
    looked_around: int = 0
    differences: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()


class Sending(Sender, Protocol):
    """A sender that counts."""

    @property
    def sent_count(self) -> int:
        """How many requests were sent."""
        ...


def http_sender(
    *,
    rate_per_s: float | None = None,
    connections: int | None = None,
    is_insecure: bool = False,
    certificate: str = "",
    certificate_key: str = "",
) -> HttpSender:
    """Return a sender for scans; close it with `async with`. Raises CannotScanError for a certificate of no use."""
    try:
        return HttpSender(
            clock=time.time,
            connections=connections or CONNECTIONS,
            rate_per_s=rate_per_s,
            verify_tls=not is_insecure,
            certificate=(certificate, certificate_key) if certificate else None,
        )
    except UnusableCertificateError as error:
        raise CannotScanError(
            "The client certificate cannot be used.", f"{str(error)[:1].upper()}{str(error)[1:]}.", "Nothing was sent."
        ) from None


async def scope_of_host(url: str, resolver: Resolver = system_resolver) -> Scope:
    """Return how far away the host of `url` is; raises CannotScanError where the name is not known."""
    host = urlsplit(url).hostname or ""
    is_name = literal_address(host) is None
    if is_name and not await resolver(host):
        raise CannotScanError(
            f"The host {host} was not found.",
            "The system knows no address for this name.",
            "Check the spelling of the address, and your connection.",
        )
    return await resolve_scope(host, resolver)


async def is_public(url: str) -> bool:
    """Return whether the host of `url` is neither this computer nor on a private network. Raises CannotScanError."""
    return await scope_of_host(url) is Scope.PUBLIC


def in_process(url: str) -> Permission:
    """Return why an app of this process may be scanned, whatever host it is called by: nothing leaves the process."""
    return Permission(urlsplit(url).hostname or "", Scope.LOOPBACK, IN_PROCESS)


async def ask_permission(
    sender: Sender, url: str, *, secret: Callable[[], bytes], is_stated: bool, resolver: Resolver = system_resolver
) -> Permission:
    """Return why the host of `url` may be scanned; raises CannotScanError where it may not.

    `secret` belongs to this installation and is asked for only where a proof is needed.
    """
    host = urlsplit(url).hostname or ""
    scope = await scope_of_host(url, resolver)
    if scope is not Scope.PUBLIC:
        return Permission(host, scope, scope.value)
    if is_stated:
        return Permission(host, scope, "stated")
    token = challenge(host, secret())
    proof = await prove_control(sender, url, token)
    if proof is None:
        raise _no_proof(url, host, token)
    return Permission(host, scope, proof.kind.value)


async def read_spec(sender: Sender, place: str, *, typed: str = "", takes_samples: bool = False) -> Api:
    """Return the API that the file or address `place` describes; raises CannotScanError.

    Redirects are followed within the server of `place`, and to that of `typed`, another address
    that the user gave. `takes_samples` says whether recorded or written requests will do: they show what was called,
    and not what else is allowed.
    """
    if urlsplit(place).scheme in ("http", "https"):
        text, place = await _fetched(sender, place, {root_of(place), root_of(typed)})
    else:
        text = _file_bytes(Path(place))
    try:
        if takes_samples:
            api = read_input(text, source=place, learner=passing_learner, target=typed)
        else:
            api = read_description(text, source=place)
    except DescriptionError as error:
        raise CannotScanError(f"{place} is no description of an API. {error.found}", error.why, error.advice) from None
    if not api.operations:
        raise CannotScanError(f"{place} describes no operation.", "", "Name another description with --spec.")
    return replace(api, source=without_query(place))


async def describe(
    sender: Sender,
    url: str,
    spec: str = "",
    also: Sequence[str] = (),
    *,
    headers: Headers = (),
    looks_around: bool = True,
    only_reads: bool = False,
) -> Described:
    """Return the API at `url`, as `spec` (a file or an address) or what stands at `url` describes it.

    Where nothing does, its operations are looked for, with `headers` in every request; without `looks_around`, or with
    `only_reads`, that is an error. The former asks for no GraphQL either. `also` names further inputs. Raises
    CannotScanError.
    """
    described = await _described(sender, url, spec, headers if looks_around else None, only_reads=only_reads)
    if not also:
        return described
    whole = joined(described.api, [await _named(sender, url, place, headers) for place in also])
    return replace(described, api=whole.api, differences=whole.differences)


async def _described(
    sender: Sender, url: str, spec: str, headers: Headers | None, *, only_reads: bool = False
) -> Described:
    if spec:
        api = await _named(sender, url, spec, headers or ())
        return Described(api, root_of(url) if api.dialect == GRAPHQL else await _origin(sender, url, api))
    found = await find_description(sender, url)
    if found.api is None or not found.api.operations:
        # without headers it is a guard that asks, which looks at nothing but descriptions
        is_asked = headers is not None and _answers(found.looked_at)
        told = await find_graphql(sender, url, headers=headers or ()) if is_asked else None
        if told is not None and told.api is not None:
            return Described(told.api, root_of(url), (*found.looked_at, *told.looked_at))
        if told is not None and told.endpoint and _is_same_page(f"{root_of(url)}{told.endpoint}", url):
            raise _told_nothing(url, is_unclear=told.is_unclear)
        looked_at = (*found.looked_at, *told.looked_at) if told is not None else found.looked_at
        if headers is None:
            raise _not_found(url, looked_at)
        if only_reads and _answers(looked_at):
            raise _nothing_to_read(url)
        return await _looked_for(sender, url, looked_at, headers)
    api = replace(found.api, source=without_query(found.api.source))
    if headers is not None:
        api = await _with_graphql(sender, url, api, headers)
    if _is_same_page(found.api.source, url) and found.api.source != root_of(url):
        return Described(api, await _origin_of_document(url, api), found.looked_at)
    return Described(api, await _origin(sender, url, api), found.looked_at)


async def _with_graphql(sender: Sender, url: str, api: Api, headers: Headers) -> Api:
    """Return a described API with the GraphQL that is served beside it, where it tells its schema."""
    if urlsplit(url).path.strip("/"):  # what stands below a path may be one of many on this server
        return api
    beside = await find_graphql(sender, url, places=NEAR, headers=headers)
    return joined(api, [beside.api]).api if beside.api is not None else api


async def _named(sender: Sender, url: str, place: str, headers: Headers) -> Api:
    """Return the API of a file or address that the user named; that of a GraphQL schema where the server has it."""
    api = await read_spec(sender, place, typed=url, takes_samples=True)
    if api.dialect != GRAPHQL:
        return api
    found = await find_graphql(sender, url, headers=headers)
    if not found.endpoint:
        raise CannotScanError(
            f"No GraphQL was found at {url}.",
            f"We looked at {len(found.looked_at)} places:\n{_places_words(found.looked_at)}",
            "Give the whole address at which it answers: apiward scan https://HOST/PATH --spec FILE.",
        )
    return moved_to(api, found.endpoint)


def _answers(looked_at: tuple[tuple[str, str], ...]) -> bool:
    return not all("no answer" in what for _, what in looked_at)


async def _looked_for(sender: Sender, url: str, looked_at: tuple[tuple[str, str], ...], headers: Headers) -> Described:
    """Return the API that looking around finds; raises CannotScanError where it finds none."""
    if not _answers(looked_at):
        raise _not_found(url, looked_at)
    found = await look_around(sender, url, headers=headers)
    if not found.api.operations:
        raise _not_found(url, looked_at, found.requests)
    api = replace(found.api, source=without_query(url))
    return Described(api, root_of(url), looked_at, found.requests)


async def describe_alone(sender: Sender, url: str) -> Described:
    """Return the API described at exactly `url`: one read, nothing else is asked for."""
    api = await read_spec(sender, url, takes_samples=True)
    return Described(api, await _origin_of_document(url, api))


def root_of(url: str) -> str:
    """Return scheme, host and port of `url`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def without_query(url: str) -> str:
    """Return an address without its query, which may hold a secret; a file name stays as it is."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")) if parts.scheme in ("http", "https") else url


async def _origin(sender: Sender, url: str, api: Api) -> str:
    """Return where the operations stand, from the address that the user gave and what the description says."""
    root, prefix = root_of(url), urlsplit(url).path.rstrip("/")
    if not prefix or any(op.base_path.startswith(prefix) for op in api.operations):
        return root
    if all(f"{op.base_path}{op.path}".startswith(f"{prefix}/") for op in api.operations):
        return root  # recorded requests have whole paths
    for operation in _harmless_reads(api)[:MAX_TRIED]:
        path = f"{operation.base_path}{operation.path}"
        is_there = [
            await _is_known(sender, f"{root}{prefix}{path}", operation),
            await _is_known(sender, f"{root}{path}", operation),
        ]
        if is_there[0] != is_there[1]:
            return f"{root}{prefix}" if is_there[0] else root
    is_below = urlsplit(api.source).path.startswith(f"{prefix}/")
    return f"{root}{prefix}" if is_below or not api.source.startswith(root) else root


async def _origin_of_document(url: str, api: Api) -> str:
    """Return the server that a description names, else the one that it came from.

    A description on this machine or a private network is taken to speak of its own server: a
    developer's copy often still names the real shop.
    """
    named = next((address for address in api.servers if urlsplit(address).netloc), "")
    hosts = {urlsplit(address).netloc for address in api.servers}
    is_near = not await is_public(url)
    return root_of(url) if not named or is_near or urlsplit(url).netloc in hosts else root_of(named)


def _harmless_reads(api: Api) -> list[Operation]:
    reads = [op for op in api.operations if op.method == "GET" and "{" not in op.path]
    return [op for op in reads if not dangers.danger(op) and not accounts.is_account_operation(op)]


async def _is_known(sender: Sender, url: str, operation: Operation) -> bool:
    exchange = await sender.send(Request(operation.method, url, (("Accept", "application/json"),)))
    return exchange.response is not None and exchange.status not in (404, 405, 502, 503)


async def _fetched(sender: Sender, url: str, allowed: Container[str]) -> tuple[bytes, str]:
    exchange = await sender.send(_reading(url))
    for _ in range(MAX_REDIRECTS):
        target = exchange.response.header("location") if exchange.response else None
        if not (300 <= exchange.status < 400 and target):
            break
        url = _further(url, target, allowed)
        exchange = await sender.send(_reading(url))
    if exchange.response is None or not exchange.is_success:
        raise CannotScanError(
            f"The description at {without_query(url)} could not be read.",
            _why(exchange),
            "Open the address in a browser, or save the description and name the file with --spec.",
        )
    return exchange.response.body, url


def _further(url: str, target: str, allowed: Container[str]) -> str:
    try:
        further = urljoin(url, target)
        root = root_of(further)
    except ValueError:
        further, root = "its name cannot be read", ""
    if root in allowed:
        return further
    raise CannotScanError(
        f"The description at {without_query(url)} has moved to another server: {without_query(further)}",
        "We read only from servers that you name.",
        "If you trust that address, name it with --spec.",
    )


def _reading(url: str) -> Request:
    return Request("GET", url, (("Accept", "application/json, application/yaml, */*"),))


def _file_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(DEFAULT_LIMITS.max_bytes + 1)
    except OSError as error:
        raise CannotScanError(
            f"The description {path} could not be read.", f"{error.strerror}.", "Check the name after --spec."
        ) from None


def _why(exchange: Exchange) -> str:
    if exchange.response is None:
        return f"There was no answer ({exchange.failure}: {exchange.failure_detail})."
    return f"The server answered with status {exchange.status}."


def _is_same_page(one: str, other: str) -> bool:
    return without_query(one).rstrip("/") == without_query(other).rstrip("/")


def _not_found(url: str, looked_at: tuple[tuple[str, str], ...], looked_around: int | None = None) -> CannotScanError:
    if looked_at and all("no answer" in what for _, what in looked_at):
        return CannotScanError(
            f"{url} did not answer.",
            f"{looked_at[0][0]}: {looked_at[0][1]}.",
            "Is the API running, and is the address right? Nothing was checked.",
        )
    what = f"No description of the API was found at {url}"
    why = f"We looked at {len(looked_at)} places:\n{_places_words(looked_at)}"
    if looked_around is not None:
        what += ", and no operation by looking around"
        why += f"\nThen we tried {looked_around:,} addresses that pages name or APIs often have."
    return CannotScanError(
        f"{what}.",
        why,
        "Ask your developer for the OpenAPI file, and name it: apiward scan URL --spec FILE. Nothing was checked.",
    )


def _nothing_to_read(url: str) -> CannotScanError:
    return CannotScanError(
        f"No description of the API was found at {url}.",
        "Its operations can be looked for, which takes some hundred requests.",
        f"Let apiward look for them first: apiward describe {url} -o api.yaml. Then add --spec api.yaml.",
    )


def _told_nothing(url: str, *, is_unclear: bool) -> CannotScanError:
    found, why = "and does not tell its schema", "That is as it should be, but the scan needs to know what there is."
    if is_unclear:
        found, why = "but not in whole when asked for its schema", "The schema may be very long, or the server busy."
    return CannotScanError(
        f"GraphQL answers at {url}, {found}.",
        f"{why} Nothing was checked.",
        f"Let your developer print the schema into a file, and name it: apiward scan {url} --spec schema.graphql.",
    )


def _places_words(looked_at: tuple[tuple[str, str], ...]) -> str:
    """Return a line for each kind of answer, with the first places that gave it."""
    by_answer: dict[str, list[str]] = {}
    for place, what in looked_at:
        by_answer.setdefault(what, []).append(urlsplit(place).path or "/")
    return "\n".join(
        f"- {what}: {', '.join(paths[:MAX_PLACES])}"
        + (f" and {len(paths) - MAX_PLACES} more" if len(paths) > MAX_PLACES else "")
        for what, paths in by_answer.items()
    )


def _no_proof(url: str, host: str, token: str) -> CannotScanError:
    return CannotScanError(
        f"{host} is a public address, and we do not know that it is yours. Nothing was checked.",
        "Scanning somebody else's API without permission is against the law in most countries.",
        f"Show that it is yours in one of these ways, then run the command again:\n"
        f"- put a file at {root_of(url)}{PROOF_PATH} with this line: {token}\n"
        f"- or let {url} answer with this header: {PROOF_HEADER}: {token}\n"
        f"If you have permission in another way, say so with --i-have-permission. It is written down with the date.",
    )
