"""Finds the true address of a client, turns away what is shut out, and takes off claims from outside."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from apiward.core.call import Call
from apiward.core.decision import Decision, Edit, Effect
from apiward.core.marks import ASN
from apiward.core.settings import setting
from apiward.guard.origins.addresses import Address, read_address
from apiward.guard.origins.forwarded import client_of
from apiward.guard.origins.identities import IDENTITY_HEADERS, HeaderMeanings, Meaning
from apiward.guard.origins.networks import Networks, network_keys
from apiward.guard.stage import Judgement, Parts, StageName

_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
_MOST_KEPT: Final = 8_192
_NOTHING: Final[Mapping[bytes, Meaning]] = {}


class OnMalformed(StrEnum):
    """What becomes of a request whose proxy names no readable address."""

    REFUSE = "refuse"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class OriginSettings:
    """Who is let in by address, and which proxies are believed. Networks are written as in 203.0.113.0/24."""

    trusted_proxies: tuple[str, ...] = setting(
        (), "Networks of your own proxies: only what they say of a client's address is believed."
    )
    trust_local_sockets: bool = setting(
        default=True, help_text="Believe a proxy that comes over a local (Unix) socket."
    )
    client_header: str = setting(
        "x-forwarded-for",
        "The header in which your proxies name the client: x-forwarded-for, forwarded, or one with a single address.",
    )
    malformed: OnMalformed = setting(  # noqa: RUF009 - a field, as dataclasses.field makes it
        OnMalformed.REFUSE,
        "What becomes of a request whose proxy names no readable address: refuse, or take the proxy's.",
    )
    identity_headers: tuple[str, ...] = setting(
        IDENTITY_HEADERS,
        "Headers that say who the caller is; taken off in every spelling. `*` at the end takes all that begin so.",
    )
    keep_proxy_identities: bool = setting(
        default=False, help_text="Keep such headers where a trusted proxy sends them."
    )
    only: tuple[str, ...] = setting((), "Networks that are let in; none means all.")
    blocked: tuple[str, ...] = setting((), "Networks that are not let in.")
    blocked_providers: tuple[int, ...] = setting((), "Numbers of providers (AS numbers) that are not let in.")
    provider_file: str = setting(
        "",
        "The file with the networks of providers: ip2asn's table, or MaxMind's .mmdb. Events tell them, too.",
    )
    country_file: str = setting(
        "", "A file with the countries of networks, of the same forms, where the other one names none."
    )
    never_block: tuple[str, ...] = setting(
        (), "Your own networks: never shut out, whatever else is said. This machine never is."
    )

    def __post_init__(self) -> None:
        if self.blocked_providers and not self.provider_file:
            raise ValueError("provider_file: needed where blocked_providers names any")
        if self.client_header != self.client_header.lower() or not self.client_header:
            raise ValueError("client_header: the name of a header in small letters, as x-forwarded-for")


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about one address."""

    text: str
    block_keys: tuple[str, ...]
    refusal: Decision | None
    is_trusted: bool
    is_ours: bool


class Origin:
    """The second stage. What is found of an address is kept for the most recent ones."""

    name: Final = StageName.ORIGIN

    def __init__(self, settings: OriginSettings, parts: Parts) -> None:
        self._settings = settings
        self._blocks = parts.blocks
        self._header = settings.client_header.encode()
        self._trusted = Networks(settings.trusted_proxies, field="trusted_proxies")
        self._ours = Networks((*settings.never_block, *_LOOPBACK), field="never_block")
        self._only = Networks(settings.only, field="only")
        self._blocked = Networks(settings.blocked, field="blocked")
        self._blocked_providers = frozenset(map(str, settings.blocked_providers))
        self._locating = parts.locating
        self._meanings = HeaderMeanings(settings.identity_headers, parts.api)
        self._hops: dict[tuple[bytes, ...], Address | None] = {}
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def on_head(self, call: Call) -> Judgement:
        """Fill in the client; refuse it where it is shut out, and take off what it may not say of itself."""
        peer, block = self._known.get(call.peer) or self._look_up(call.peer), call.block
        known, telling = peer, _NOTHING
        if block is None or block is not call.headers or self not in block.ready:
            telling = self._telling(call)
        if telling:
            if peer.is_trusted and self._header in telling:
                named = self._named(call)
                if named is None and self._settings.malformed is OnMalformed.REFUSE:
                    call.client = peer.text
                    return Decision("origin.forwarded", place=f"header {self._settings.client_header}")
                known = peer if named is None else self._look_up(named.text)
            telling = self._unbelieved(telling, is_trusted=peer.is_trusted)
        call.client = known.text
        if not known.is_ours and (refusal := known.refusal or self._shut_out(known, call.started_s)):
            return refusal
        if call.operation_key and (reason := self._blocks.reason(f"operation:{call.operation_key}", call.started_s)):
            return Decision("origin.operation-shut", place="operation", saw=reason[:200], is_ordered=True)
        return _taken_off(telling) if telling else None

    def _telling(self, call: Call) -> Mapping[bytes, Meaning]:
        """Return the headers that say who calls, or where from; keep with a block of headers that there is none."""
        telling, block = self._meanings.telling(call.header), call.block
        if not telling and block is not None and block is call.headers:
            block.keep(self, made=True)
        return telling

    def _named(self, call: Call) -> Address | None:
        values = tuple([value for name, value in call.headers if name == self._header])
        if values not in self._hops:
            if len(self._hops) >= _MOST_KEPT:
                self._hops.clear()
            self._hops[values] = client_of(values, self._trusted, is_forwarded=self._header == b"forwarded")
        return self._hops[values]

    def _unbelieved(self, telling: Mapping[bytes, Meaning], *, is_trusted: bool) -> Mapping[bytes, Meaning]:
        if not is_trusted:
            return telling
        if self._settings.keep_proxy_identities:
            return {}
        return {name: meaning for name, meaning in telling.items() if meaning is Meaning.IDENTITY}

    def _shut_out(self, known: _Known, now_s: float) -> Decision | None:
        for key in known.block_keys:
            reason = self._blocks.reason(key, now_s)
            if reason:
                return Decision("origin.shut-out", place="address", saw=reason[:200], is_ordered=True)
        lengths = self._blocks.lengths
        return self._shut_out_with_others(known, tuple(lengths), now_s) if lengths and known.text else None

    def _shut_out_with_others(self, known: _Known, lengths: tuple[int, ...], now_s: float) -> Decision | None:
        for key in network_keys(known.text, lengths):
            reason = self._blocks.reason(key, now_s)
            if reason:
                return Decision("origin.shut-out", place="network", saw=reason[:200], is_ordered=True)
        return None

    def _look_up(self, text: str) -> _Known:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._judged(text)
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        return known

    def _judged(self, text: str) -> _Known:
        address = read_address(text)
        if address is None:
            return _Known("", (), self._refusal(None, ""), is_trusted=self._settings.trust_local_sockets, is_ours=False)
        keys = dict.fromkeys((f"address:{address.text}", f"address:{address.unit}"))
        provider = dict(self._locating.marks(address.text)).get(ASN, "") if self._locating is not None else ""
        if provider:
            keys[f"asn:{provider}"] = None
        refusal, is_trusted = self._refusal(address, provider), address in self._trusted
        return _Known(address.text, tuple(keys), refusal, is_trusted, is_ours=address in self._ours)

    def _refusal(self, address: Address | None, provider: str) -> Decision | None:
        if address is None:
            return Decision("origin.not-listed", place="address", saw="no address") if self._only else None
        if address in self._blocked:
            return Decision("origin.blocked", place="address", saw="in blocked")
        if provider in self._blocked_providers:
            return Decision("origin.provider", place="address", saw="of a blocked provider")
        if self._only and address not in self._only:
            return Decision("origin.not-listed", place="address", saw="not in only")
        return None


def _taken_off(telling: Mapping[bytes, Meaning]) -> Judgement:
    found = []
    for meaning, rule in ((Meaning.IDENTITY, "origin.identity"), (Meaning.CLAIM, "origin.claim")):
        names = frozenset(name for name, of in telling.items() if of is meaning)
        if names:
            place = f"header {min(names).decode('latin-1')}"
            found.append(Decision(rule, Effect.EDIT, place, "sent from outside", edit=Edit(removed=names)))
    return tuple(found)
