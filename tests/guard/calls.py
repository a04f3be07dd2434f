"""Makes live requests for tests, with what the protocol stage would have found filled in the simple way."""

import json as json_text
from collections.abc import Mapping
from random import Random
from typing import Final
from urllib.parse import parse_qsl, unquote

from apiward.core.api import Api, Operation
from apiward.core.call import Answer, BodyKind, Call
from apiward.core.decision import Decision
from apiward.core.jsonvalue import NOT_JSON, Json, NotJson, parse_json
from apiward.core.ports import Count
from apiward.core.principal import ANONYMOUS, Principal
from apiward.guard.allowing import Allowance, Allowances
from apiward.guard.origins.locating import Locating
from apiward.guard.stage import Parts

CLIENT: Final = "192.0.2.1"
NOW_S: Final = 1_800_000_000.0
_KINDS: Final = {
    "application/x-www-form-urlencoded": BodyKind.FORM,
    "multipart/form-data": BodyKind.MULTIPART,
    "application/xml": BodyKind.XML,
    "text/plain": BodyKind.TEXT,
}


def call(
    method: str = "GET",
    target: str = "/",
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    json: Json | NotJson = NOT_JSON,
    operation: Operation | None = None,
    path_arguments: tuple[str, ...] = (),
    principal: Principal = ANONYMOUS,
    peer: str = CLIENT,
    client: str | None = None,
    started_s: float = NOW_S,
    http_version: str = "1.1",
) -> Call:
    """Return a request as it stands after protocol, the route table, origin and authenticate.

    `json` sets body, value and content type; a `body` that is a form (by its content type) fills `form_pairs`.
    """
    raw = {"host": "shop.test", **{name.lower(): text for name, text in (headers or {}).items()}}
    if not isinstance(json, NotJson):
        body = json_text.dumps(json).encode()
        raw.setdefault("content-type", "application/json")
    if body:
        raw.setdefault("content-length", str(len(body)))
    kind = _kind(raw.get("content-type", ""), has_body=bool(body))
    path, _, query = target.partition("?")
    pairs = [(name.encode(), text.encode()) for name, text in raw.items()]
    return Call(
        method=method,
        target_path=path.encode(),
        query=query.encode(),
        headers=pairs,
        peer=peer,
        started_s=started_s,
        http_version=http_version,
        header=dict(pairs),
        path=unquote(path),
        client=peer if client is None else client,
        principal=principal,
        operation=operation,
        operation_key=operation.key if operation else "",
        path_arguments=path_arguments,
        body_kind=kind,
        body=body,
        value=parse_json(body) if kind is BodyKind.JSON else NOT_JSON,
        query_pairs=parse_qsl(query, keep_blank_values=True),
        form_pairs=parse_qsl(body.decode(), keep_blank_values=True) if kind is BodyKind.FORM else [],
    )


def raw_call(
    method: str = "GET",
    target_path: bytes = b"/",
    query: bytes = b"",
    *,
    headers: tuple[tuple[bytes, bytes], ...] = ((b"host", b"shop.test"),),
    peer: str = CLIENT,
    body: bytes = b"",
    http_version: str = "1.1",
    started_s: float = NOW_S,
) -> Call:
    """Return a request as an adapter gives it: nothing found yet."""
    return Call(
        method, target_path, query, list(headers), peer, http_version=http_version, started_s=started_s, body=body
    )


def answer(
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = b"",
    json: Json | NotJson = NOT_JSON,
) -> Answer:
    """Return an answer of the API; `json` sets body, value and content type."""
    raw = {name.lower(): value for name, value in (headers or {}).items()}
    if not isinstance(json, NotJson):
        body = json_text.dumps(json).encode()
        raw.setdefault("content-type", "application/json")
    return Answer(status, [(name.encode(), value.encode()) for name, value in raw.items()], body, json)


class FakeCounters:
    """Counts in fixed windows from the first hit on; enough to see what a stage asks for."""

    def __init__(self) -> None:
        self.hits: dict[str, list[tuple[float, int]]] = {}

    def hit(self, key: str, *, limit: int, window_s: int, now_s: float, cost: int = 1) -> Count:
        """Count `cost` where it fits."""
        used = self._used(key, window_s, now_s)
        if used + cost > limit:
            return Count(is_within=False, remaining=max(0, limit - used), reset_s=float(window_s))
        self.hits.setdefault(key, []).append((now_s, cost))
        return Count(is_within=True, remaining=limit - used - cost, reset_s=float(window_s))

    def peek(self, key: str, *, limit: int, window_s: int, now_s: float) -> Count:
        """Say how things stand."""
        used = self._used(key, window_s, now_s)
        return Count(is_within=used < limit, remaining=max(0, limit - used), reset_s=float(window_s))

    def _used(self, key: str, window_s: int, now_s: float) -> int:
        return sum(cost for at_s, cost in self.hits.get(key, []) if now_s - at_s < window_s)


class FakeBlocks:
    """Blocks in a dictionary."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[str, float]] = {}

    def reason(self, key: str, now_s: float) -> str:
        """Return why `key` is shut out."""
        reason, until_s = self.entries.get(key, ("", 0.0))
        return reason if now_s < until_s else ""

    def block(self, key: str, *, reason: str, until_s: float) -> None:
        """Shut out `key`."""
        self.entries[key] = (reason, until_s)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Return the prefix lengths of networks."""
        return tuple(int(key.rpartition("/")[2]) for key in self.entries if key.startswith("network:"))

    @property
    def has_tenants(self) -> bool:
        """Return whether there are any."""
        return any(key.startswith("tenant:") for key in self.entries)


class FakeAuthenticator:
    """Says the same of every call."""

    def __init__(self, said: Principal | Decision = ANONYMOUS) -> None:
        self.said = said
        self.learned: list[tuple[Call, Answer]] = []
        self.ended: list[Call] = []

    def authenticate(self, call: Call) -> Principal | Decision:
        """Return what was given."""
        return self.said

    @property
    def reads_bodies(self) -> bool:
        """Whether it has anything to say of bodies."""
        return False

    def may_learn(self, call: Call, answer: Answer) -> bool:
        """Always look."""
        return True

    def wants_body(self, call: Call) -> bool:
        """Never ask for it."""
        return False

    def check_body(self, call: Call) -> Decision | None:
        """Find nothing wrong."""
        return None

    def wants_answer(self, call: Call) -> bool:
        """Never ask for it."""
        return False

    def end_others(self, call: Call) -> None:
        """Keep the call."""
        self.ended.append(call)

    def learn(self, call: Call, answer: Answer) -> None:
        """Keep the pair."""
        self.learned.append((call, answer))


def parts(
    *,
    api: Api | None = None,
    counters: FakeCounters | None = None,
    blocks: FakeBlocks | None = None,
    authenticator: FakeAuthenticator | None = None,
    now_s: float = NOW_S,
    allowed: tuple[Allowance, ...] = (),
    locating: Locating | None = None,
) -> Parts:
    """Return what a stage needs from outside, made of fakes."""
    return Parts(
        api=api,
        clock=lambda: now_s,
        counters=counters or FakeCounters(),
        blocks=blocks or FakeBlocks(),
        authenticator=authenticator or FakeAuthenticator(),
        rng=Random(1),
        allowances=Allowances(allowed, lambda: now_s),
        locating=locating,
    )


def _kind(content_type: str, *, has_body: bool) -> BodyKind:
    media_type = content_type.partition(";")[0].strip().lower()
    if not media_type:
        return BodyKind.BINARY if has_body else BodyKind.NONE
    if media_type == "application/json" or media_type.endswith("+json"):
        return BodyKind.JSON
    return _KINDS.get(media_type, BodyKind.BINARY)
