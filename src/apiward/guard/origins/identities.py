"""Headers that say who the caller is, or where from: only a proxy of ours may set them."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from apiward.core.api import Api, Place

IDENTITY_HEADERS: Final = tuple(
    """x-user x-user-id x-user-name x-username x-user-email x-user-role x-user-roles x-user-groups x-userinfo x-roles
    remote-user x-remote-user x-remote-email x-remote-groups x-remote-name remote-email remote-groups remote-name
    x-forwarded-user x-forwarded-email x-forwarded-groups x-forwarded-preferred-username x-forwarded-access-token
    x-auth-user x-auth-email x-auth-groups x-auth-request-* x-authenticated-* x-authentik-* x-webauth-* x-vouch-*
    x-consumer-* x-credential-identifier x-credential-username x-anonymous-consumer x-goog-authenticated-user-*
    x-goog-iap-* x-amzn-oidc-* x-ms-client-principal* cf-access-authenticated-user-email tailscale-user-* x-pomerium-*
    x-apiward-* x-client-cert* x-forwarded-client-cert x-forwarded-tls-client-cert* x-ssl-client-* ssl-client-*
    x-amzn-mtls-* x-arr-clientcert client-cert client-cert-chain""".split()
)
CLAIM_HEADERS: Final = frozenset(
    b"""x-forwarded-for forwarded x-real-ip x-client-ip client-ip true-client-ip x-true-client-ip cf-connecting-ip
    cf-connecting-ipv6 fastly-client-ip x-cluster-client-ip x-original-forwarded-for x-originating-ip x-remote-ip
    x-remote-addr x-azure-clientip x-azure-socketip x-forwarded-host x-forwarded-proto x-forwarded-port
    x-forwarded-scheme x-forwarded-ssl x-forwarded-server x-forwarded-prefix x-forwarded-by x-forwarded
    forwarded-for x-host x-forwarded-protocol x-url-scheme front-end-https x-original-url x-original-uri
    x-rewrite-url x-override-url x-forwarded-uri x-forwarded-path""".split()
)
"""What proxies say of the client and of the address it asked for."""

_MOST_KEPT: Final = 4_096
_NO_SIGNS: Final = bytes(byte for byte in range(256) if not chr(byte).isalnum() or byte > 0x7F)
_FOLDED: Final = bytes.maketrans(_NO_SIGNS, b"-" * len(_NO_SIGNS))


class Meaning(Enum):
    """What a header is about."""

    IDENTITY = 1
    CLAIM = 2
    OTHER = 3


class HeaderMeanings:
    """Knows what each header is about, whatever signs are between its words: many servers read `X_User` as `X-User`."""

    def __init__(self, identity_headers: Iterable[str], api: Api | None) -> None:
        names = [name.lower() for name in identity_headers]
        self._names = frozenset(name.encode().translate(_FOLDED) for name in names if not name.endswith("*"))
        self._starts = tuple(name[:-1].encode().translate(_FOLDED) for name in names if name.endswith("*"))
        self._described = _described(api)
        self._harmless: set[bytes] = set()

    def telling(self, header: Mapping[bytes, bytes]) -> dict[bytes, Meaning]:
        """Return the headers that say who the caller is, or where from."""
        if header.keys() <= self._harmless:
            return {}
        found = {name: self._meaning(name) for name in header}
        if len(self._harmless) > _MOST_KEPT:
            self._harmless.clear()
        self._harmless.update(name for name, meaning in found.items() if meaning is Meaning.OTHER)
        return {name: meaning for name, meaning in found.items() if meaning is not Meaning.OTHER}

    def _meaning(self, name: bytes) -> Meaning:
        folded = name.translate(_FOLDED)
        if folded in CLAIM_HEADERS:
            return Meaning.CLAIM
        if name in self._described:
            return Meaning.OTHER
        is_identity = folded in self._names or folded.startswith(self._starts)
        return Meaning.IDENTITY if is_identity else Meaning.OTHER


def _described(api: Api | None) -> frozenset[bytes]:
    """Return the headers that the description asks callers to send: those are theirs to set."""
    if api is None:
        return frozenset()
    names = {one.name for operation in api.operations for one in operation.parameters_in(Place.HEADER)}
    names |= {
        scheme.field_name for scheme in api.schemes.values() if scheme.place is Place.HEADER and scheme.field_name
    }
    return frozenset(name.lower().encode() for name in names)
