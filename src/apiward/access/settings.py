"""What an owner can set about who may call: `[guard.authenticate]`, `[[guard.issuers]]`, `[[guard.signers]]`."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.settings import setting


class SignerAlgorithm(StrEnum):
    """Algorithms of HTTP message signatures (RFC 9421, section 3.3)."""

    HMAC_SHA256 = "hmac-sha256"
    RSA_PSS_SHA512 = "rsa-pss-sha512"
    RSA_V1_5_SHA256 = "rsa-v1_5-sha256"
    ECDSA_P256_SHA256 = "ecdsa-p256-sha256"
    ECDSA_P384_SHA384 = "ecdsa-p384-sha384"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """One log-in service whose tokens are good here. Its keys come from exactly one of the five places."""

    issuer: str = setting("", "The exact `iss` of its tokens, last slash included; empty: they name none.")
    audience: tuple[str, ...] = setting((), "Names of this API in `aud`; needed where keys come from an address.")
    algorithms: tuple[str, ...] = setting(
        (),
        "Algorithms that are allowed; empty: the safe ones that fit its keys. "
        "Issuers of one name (or none) need different ones.",
    )
    jwks_url: str = setting("", "The address of its keys (JWKS).")
    jwks_file: str = setting("", "A file with its keys (JWKS).")
    pem_file: str = setting("", "A file with its public key or certificate (PEM).")
    secret_env: str = setting("", "The environment variable that holds the shared secret (HS256 and the like).")
    secret_file: str = setting("", "A file that holds the shared secret.")
    id_claim: str = setting("", "Where the id stands; empty: sub, then user_id, uid, id, client_id, azp.")
    name_claim: str = setting("", "Where the name stands; empty: preferred_username, email, username, name.")
    roles_claim: str = setting(
        "", "Where the roles stand (a.b for nested); empty: roles, role, realm_access.roles, groups."
    )
    types: tuple[str, ...] = setting((), "Values of `typ` that are allowed; empty: none, JWT and at+jwt.")
    accepts_id_tokens: bool = setting(default=False, help_text="Take ID tokens too, which are made for apps.")
    requires_end: bool = setting(default=True, help_text="Refuse tokens that never end (without `exp`).")
    jwks_max_age_s: int = setting(600, "Seconds until fetched keys are fetched anew.", least=60, most=86_400)
    jwks_stale_s: int = setting(86_400, "Seconds for which old keys serve when it is away.", least=0, most=604_800)
    jwks_cooldown_s: int = setting(30, "Seconds between two looks for an unknown key.", least=5, most=3_600)


@dataclass(frozen=True, slots=True)
class SignerSettings:
    """One partner whose requests are signed (RFC 9421)."""

    key_id: str = setting("", "The `keyid` that its signatures name.")
    algorithm: SignerAlgorithm = setting(  # noqa: RUF009 - an enum member cannot change
        SignerAlgorithm.ED25519, "The one algorithm that this key is used with."
    )
    secret_env: str = setting("", "The environment variable that holds the shared secret (hmac-sha256), in base64.")
    pem_file: str = setting("", "A file with the public key or certificate (PEM).")
    name: str = setting("", "The name to show for it.")
    roles: tuple[str, ...] = setting((), "The roles that it has.")


@dataclass(frozen=True, slots=True)
class AuthenticateSettings:
    """Everything else about who calls."""

    clock_skew_s: int = setting(30, "Seconds by which clocks may differ.", least=0, most=60)
    token_headers: tuple[str, ...] = setting(
        ("Authorization", "X-Access-Token", "X-Auth-Token"), "Headers in which tokens are shown."
    )
    passes_unknown_tokens: bool = setting(
        default=False, help_text="Let tokens and keys that nothing here can check pass on to the API, as unchecked."
    )
    max_token_bytes: int = setting(8_192, "The longest token that is looked at.", least=512, most=65_536)
    token_cache_s: int = setting(60, "Seconds for which a verified token is not verified again.", least=0, most=60)
    token_cache_size: int = setting(20_000, "How many verified tokens are remembered.", least=100, most=1_000_000)

    proof_max_age_s: int = setting(60, "Seconds for which a proof of possession (DPoP) is good.", least=10, most=600)

    key_header: str = setting("X-API-Key", "The header in which API keys are shown.")
    key_prefix: str = setting("apw", "How the keys that apiward makes begin: 2 to 12 small letters and digits.")
    refuses_keys_in_address: bool = setting(
        default=True, help_text="Refuse a request that shows its API key in the address, where logs keep it."
    )

    introspection_url: str = setting("", "Where tokens that cannot be read are asked about (RFC 7662).")
    introspection_client: str = setting("", "The client id for that.")
    introspection_secret_env: str = setting("", "The environment variable with the client secret.")
    introspection_audience: tuple[str, ...] = setting((), "Names of this API in `aud`; empty: any.")
    introspection_roles_claim: str = setting("", "Where the roles stand in the answer; empty: the usual places.")
    introspection_cache_s: int = setting(30, "Seconds for which an answer is used again.", least=0, most=300)
    introspection_timeout_s: float = setting(2.0, "Seconds to wait for an answer.", least=0.1, most=30)
    introspection_concurrency: int = setting(20, "How many questions are under way at once.", least=1, most=1_000)

    certificate_fingerprints: tuple[str, ...] = setting((), "SHA-256 fingerprints of good client certificates.")
    certificate_ca_file: str = setting("", "A file with the authorities whose client certificates are good (PEM).")
    certificate_header: str = setting("", "The header in which a proxy in front hands on the client certificate.")
    certificate_proxies: tuple[str, ...] = setting((), "Addresses (CIDR) of the proxies that may set that header.")
    certificate_roles: tuple[str, ...] = setting((), "The roles of callers with a client certificate.")

    signature_components: tuple[str, ...] = setting(
        ("@method", "@authority", "@path", "@query"), "What a signature must cover at least."
    )
    signature_covers_body: bool = setting(default=True, help_text="Require a signed Content-Digest with a body.")
    signature_max_age_s: int = setting(300, "Seconds for which a signature is good.", least=10, most=3_600)
    signature_needs_nonce: bool = setting(default=False, help_text="Require a nonce also on requests that only read.")
    signature_tag: str = setting("", "The `tag` that signatures must have; empty: any.")
    nonce_capacity: int = setting(100_000, "How many nonces and proofs are remembered.", least=1_000, most=10_000_000)

    learns_sessions: bool = setting(default=True, help_text="Learn from log-ins whose session is whose.")
    session_s: int = setting(
        43_200, "Seconds for which a learned session is remembered after it was last used.", least=60, most=2_592_000
    )
    session_capacity: int = setting(100_000, "How many sessions are remembered.", least=100, most=5_000_000)
    session_cookies: tuple[str, ...] = setting((), "Names of cookies that hold a session, apart from those learned.")
