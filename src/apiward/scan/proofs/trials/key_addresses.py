"""Tokens whose header names an address of ours, where their key can be fetched (RFC 7515, sections 4.1.2 and 4.1.5)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from apiward.core.exchange import Response
from apiward.core.jsonvalue import Json
from apiward.core.ports import CallListener
from apiward.scan.proofs.outside_calls import Lure, new_lure
from apiward.scan.proofs.trials.signing_keys import pair_for
from apiward.scan.proofs.trials.tokens import Jwt, later
from apiward.scan.scene import Scene

KEY_SET: Final = "jku"
CHAIN: Final = "x5u"
NO_MEANING: Final = "note"
"""A name that no standard gives a meaning in the header of a token."""
_ENDS: Final = {KEY_SET: "/.well-known/jwks.json", CHAIN: "/chain.pem", NO_MEANING: ""}


@dataclass(frozen=True, slots=True)
class Named:
    """A token whose header names an address, and its twin with the same header that is signed with another key."""

    field: str
    words: str
    text: str
    twin: str
    lure: Lure


def naming_keys(scene: Scene, listener: CallListener, token: Jwt) -> Iterator[Named]:
    """Yield tokens that name our key set, our certificate, and the key set behind the name of the usual host."""
    yield naming(scene, listener, token, KEY_SET)
    yield naming(scene, listener, token, CHAIN)
    usual = token.header.get(KEY_SET)
    yield naming(scene, listener, token, KEY_SET, usual=usual if isinstance(usual, str) else scene.caller.origin)


def naming(scene: Scene, listener: CallListener, token: Jwt, field: str, *, usual: str = "") -> Named:
    """Return a token whose header names our address in that field; with `usual`, the host of that stands before it.

    The key has a name that no other has: a server that keeps the keys it fetched by name mixes it up with none.
    """
    kid = f"apiward-{scene.rng.getrandbits(64):016x}"
    key, other = pair_for(token)
    if field == CHAIN:
        answer = Response(200, (("Content-Type", "application/x-pem-file"),), key.certificate(scene.clock()))
    else:
        keys = json.dumps({"keys": [key.jwk(kid)]}).encode()
        answer = Response(200, (("Content-Type", "application/json"),), keys)
    lure = new_lure(scene, listener, answer)
    address = f"{_behind(usual, lure.address)}{_ENDS[field]}"
    kept = {name: value for name, value in token.header.items() if name not in (KEY_SET, CHAIN, "x5t", "x5c", "jwk")}
    header: dict[str, Json] = {**kept, "kid": kid, field: address}
    claims, words = later(token, scene.clock()), f"in `{field}`{' behind the name of another host' if usual else ''}"
    return Named(field, words, key.token(header, claims), other.token(header, claims), lure)


def _behind(usual: str, address: str) -> str:
    """Return the address with the host of `usual` before an @: who looks at how it begins takes it for that host."""
    scheme, _, rest = address.partition("://")
    try:
        host = urlsplit(usual).hostname
    except ValueError:  # the target writes what it likes
        host = None
    return f"{scheme}://{host}@{rest}" if host else address
