"""HTTP message signatures: the RFC's own examples, what a signature must cover, time, replay, the body."""

import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from apiward.access.nonces import NonceMemory
from apiward.access.pem import load_public_key
from apiward.access.settings import SignerAlgorithm
from apiward.access.signatures.algorithms import Signer, SignerKey
from apiward.access.signatures.checking import SignatureCheck, SignatureRules
from apiward.access.signatures.components import signature_base
from apiward.access.signatures.structured import InnerList, parse_dictionary
from apiward.core.call import Call
from apiward.core.principal import Principal, PrincipalKind
from tests.access.making import NOW_S, call, rule, who
from tests.access.signatures.rfc9421 import PUBLIC_KEYS, SHARED_SECRET, request_of_rfc

CREATED_S = 1_618_884_473.0
LENIENT = SignatureRules(components=frozenset(), covers_body=False)
ALGORITHMS = {
    "test-key-rsa": SignerAlgorithm.RSA_V1_5_SHA256,
    "test-key-rsa-pss": SignerAlgorithm.RSA_PSS_SHA512,
    "test-key-ecc-p256": SignerAlgorithm.ECDSA_P256_SHA256,
    "test-key-ed25519": SignerAlgorithm.ED25519,
}
PRIVATE = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def signer(key_id: str, algorithm: SignerAlgorithm, key: SignerKey) -> Signer:
    return Signer(key_id, algorithm, key, Principal(PrincipalKind.KEY, key_id, is_verified=True))


def rfc_check(rules: SignatureRules = LENIENT) -> SignatureCheck:
    signers = [
        signer(key_id, algorithm, load_public_key(PUBLIC_KEYS[key_id], setting="pem_file"))
        for key_id, algorithm in ALGORITHMS.items()
    ]
    signers.append(signer("test-shared-secret", SignerAlgorithm.HMAC_SHA256, SHARED_SECRET))
    return SignatureCheck(signers, rules, NonceMemory())


def own_check(rules: SignatureRules | None = None, nonces: NonceMemory | None = None) -> SignatureCheck:
    own = signer("partner", SignerAlgorithm.ED25519, PRIVATE.public_key())
    return SignatureCheck([own], rules or SignatureRules(), NonceMemory() if nonces is None else nonces)


COVER = '("@method" "@authority" "@path" "@query")'


def signed(
    made: Call, covered: str = COVER, more: str = "", *, created_s: float = NOW_S, keyid: str = "partner"
) -> Call:
    """Sign a call with our own key, as a partner would."""
    text = f'sig={covered};created={created_s:.0f};keyid="{keyid}"{more}'
    member = parse_dictionary(text)["sig"]
    assert isinstance(member, InnerList)
    signature = PRIVATE.sign(signature_base(made, member).encode())
    made.headers += [
        (b"signature-input", text.encode()),
        (b"signature", b"sig=:" + base64.b64encode(signature) + b":"),
    ]
    made.header = dict(reversed(made.headers))
    return made


@pytest.mark.parametrize(
    ("label", "key_id"),
    [
        ("sig-b21", "test-key-rsa-pss"),
        ("sig-b22", "test-key-rsa-pss"),
        ("sig-b23", "test-key-rsa-pss"),
        ("sig-b25", "test-shared-secret"),
        ("sig-b26", "test-key-ed25519"),
        ("sig1", "test-key-ecc-p256"),
    ],
)
def test_examples_of_the_rfc(label: str, key_id: str) -> None:
    made = request_of_rfc(label)
    check = rfc_check()
    assert who(check.check(made, CREATED_S)).id == key_id
    assert check.check_body(made) is None


def test_the_rfc_example_of_a_proxy_that_signs_again() -> None:
    made = request_of_rfc(
        "sig1",
        "proxy_sig",
        host="origin.host.internal.example",
        forwarded="for=192.0.2.123;host=example.com;proto=https",
    )
    assert who(rfc_check().check(made, CREATED_S)).id == "test-key-rsa"


@pytest.mark.parametrize("label", ["sig-b22", "sig-b23", "sig-b25", "sig-b26", "sig1"])
def test_a_changed_request_is_noticed(label: str) -> None:
    made = request_of_rfc(label)
    made.headers = [(n, b"evil.example" if n == b"host" else v) for n, v in made.headers]
    made.header = dict(made.headers)
    assert rule(rfc_check().check(made, CREATED_S)) == "signature-wrong"


def test_a_minimal_signature_does_not_cover_enough_here() -> None:
    assert rule(rfc_check(SignatureRules()).check(request_of_rfc("sig-b21"), CREATED_S)) == "signature-cover"
    assert rule(rfc_check(SignatureRules()).check(request_of_rfc("sig-b26"), CREATED_S)) == "signature-cover"
    who(rfc_check(SignatureRules()).check(request_of_rfc("sig-b23"), CREATED_S))


def test_a_tag_can_be_required() -> None:
    check = rfc_check(replace(LENIENT, tag="header-example"))
    assert who(check.check(request_of_rfc("sig-b22"), CREATED_S)).id == "test-key-rsa-pss"
    assert rule(check.check(request_of_rfc("sig-b23"), CREATED_S)) == "signature-unknown"


@pytest.mark.parametrize("cover", [COVER, '("@method" "@target-uri")', '("@method" "@authority" "@request-target")'])
def test_a_sound_request_passes(cover: str) -> None:
    assert who(own_check().check(signed(call(query=b"a=1"), cover), NOW_S)).id == "partner"


@pytest.mark.parametrize(
    "cover",
    [
        '("@method" "@authority" "@path")',
        '("@authority" "@path" "@query")',
        "()",
        '("@path" "@query";sf "@method" "@authority")',
    ],
)
def test_what_is_not_covered_is_said(cover: str) -> None:
    made = call()
    made.headers.append((b"signature-input", f'sig={cover};created={NOW_S:.0f};keyid="partner"'.encode()))
    made.headers.append((b"signature", b"sig=:AAAA:"))
    assert rule(own_check().check(made, NOW_S)) == "signature-cover"


@pytest.mark.parametrize(
    ("more", "age_s", "expected"),
    [
        ("", 0, ""),
        ("", 329, ""),
        ("", -29, ""),
        ("", 331, "signature-expired"),
        ("", -31, "signature-time"),
        (f";expires={NOW_S - 100:.0f}", 0, "signature-expired"),
        (f";expires={NOW_S + 100:.0f}", 0, ""),
        (";expires=1.5", 0, "signature-time"),
        (';alg="rsa-pss-sha512"', 0, "signature-algorithm"),
        (';alg="ed25519"', 0, ""),
        (";nonce=7", 0, "signature-nonce"),
        (f';nonce="{"n" * 257}"', 0, "signature-nonce"),
    ],
)
def test_parameters(more: str, age_s: int, expected: str) -> None:
    said = own_check().check(signed(call(), more=more, created_s=NOW_S - age_s), NOW_S)
    assert (rule(said) if expected else who(said).id) == (expected or "partner")


def test_created_is_required() -> None:
    made = call(("Signature-Input", f'sig={COVER};keyid="partner"'), ("Signature", "sig=:AAAA:"))
    assert rule(own_check().check(made, NOW_S)) == "signature-time"


def test_a_nonce_counts_once() -> None:
    check = own_check()
    who(check.check(signed(call(), more=';nonce="n1"'), NOW_S))
    assert rule(check.check(signed(call(), more=';nonce="n1"'), NOW_S)) == "signature-replayed"
    assert rule(check.check(signed(call(path="/other"), more=';nonce="n1"'), NOW_S + 300)) == "signature-replayed"
    who(check.check(signed(call(), more=';nonce="n2"'), NOW_S))


def test_a_wrong_signature_does_not_use_up_a_nonce() -> None:
    check = own_check()
    forged = signed(call(), more=';nonce="n1"')
    forged.headers = [
        (n, b"sig=:" + base64.b64encode(bytes(64)) + b":" if n == b"signature" else v) for n, v in forged.headers
    ]
    assert rule(check.check(forged, NOW_S)) == "signature-wrong"
    who(check.check(signed(call(), more=';nonce="n1"'), NOW_S))


def test_a_writing_request_counts_once_also_without_a_nonce() -> None:
    check = own_check()
    who(check.check(signed(call(method="POST")), NOW_S))
    assert rule(check.check(signed(call(method="POST")), NOW_S)) == "signature-replayed"
    who(check.check(signed(call(method="POST"), created_s=NOW_S - 1), NOW_S))
    who(check.check(signed(call()), NOW_S))
    who(check.check(signed(call()), NOW_S))


def test_a_nonce_can_be_required() -> None:
    check = own_check(SignatureRules(needs_nonce=True))
    assert rule(check.check(signed(call()), NOW_S)) == "signature-nonce"
    who(check.check(signed(call(), more=';nonce="n1"'), NOW_S))


def test_a_full_memory_of_nonces_refuses_and_recovers() -> None:
    check = own_check(nonces=NonceMemory(capacity=2))
    for number in range(2):
        who(check.check(signed(call(), more=f';nonce="{number}"'), NOW_S))
    assert rule(check.check(signed(call(), more=';nonce="x"'), NOW_S)) == "service-busy"
    assert rule(check.check(signed(call(), more=';nonce="0"'), NOW_S)) == "signature-replayed"
    later = NOW_S + 1_000
    who(check.check(signed(call(), more=';nonce="x"', created_s=later), later))


def with_digest(body: bytes, digest: str) -> Call:
    return call(("Content-Length", str(len(body))), ("Content-Digest", digest), method="POST", body=body)


def sha256(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


BODY_COVER = '("@method" "@authority" "@path" "@query" "content-digest")'


def test_the_body_is_the_signed_one() -> None:
    check = own_check()
    made = signed(with_digest(b"{}", sha256(b"{}")), BODY_COVER)
    who(check.check(made, NOW_S))
    assert check.check_body(made) is None
    made.body = b'{"admin": true}'
    assert rule(check.check_body(made)) == "signature-body"
    made.body, made.is_body_whole = b"{}", False
    assert rule(check.check_body(made)) == "signature-body"


@pytest.mark.parametrize(
    "digest", ["md5=:AAAA:", "sha-256=7", "sha-256=:AAAA:", "(", "", "sha-256=:AAAA:, " + sha256(b"{}")]
)
def test_digests_that_vouch_for_nothing(digest: str) -> None:
    check = own_check()
    made = signed(with_digest(b"{}", digest or " "), BODY_COVER)
    who(check.check(made, NOW_S))
    if digest.startswith("sha-256=:AAAA:, "):  # of a name that stands twice the last counts (RFC 8941)
        assert check.check_body(made) is None
    else:
        assert rule(check.check_body(made)) == "signature-body"


def test_a_body_without_a_signed_digest_is_refused() -> None:
    made = signed(call(("Content-Length", "2"), method="POST", body=b"{}"))
    assert rule(own_check().check(made, NOW_S)) == "signature-cover"
    check = own_check()
    unannounced = signed(call(method="POST", body=b"{}"))
    who(check.check(unannounced, NOW_S))
    assert rule(check.check_body(unannounced)) == "signature-cover"
    empty = signed(call(method="DELETE"))
    who(check.check(empty, NOW_S))
    assert check.check_body(empty) is None


def test_calls_without_signature_have_no_body_to_check() -> None:
    assert own_check().check_body(call(body=b"x")) is None


@pytest.mark.parametrize(
    ("inputs", "values", "expected"),
    [
        ("", "sig=:AAAA:", "signature-unreadable"),
        ("sig=()", "", "signature-unreadable"),
        ("((", "sig=:AAAA:", "signature-unreadable"),
        ('sig=();created=1;keyid="nobody"', "sig=:AAAA:", "signature-unknown"),
        ("sig=7", "sig=:AAAA:", "signature-unknown"),
        (f'sig={COVER};created={NOW_S:.0f};keyid="partner"', "other=:AAAA:", "signature-wrong"),
        (f'sig={COVER};created={NOW_S:.0f};keyid="partner"', "sig=AAAA", "signature-wrong"),
        (
            f'sig=("@method" "@method" "@target-uri");created={NOW_S:.0f};keyid="partner"',
            "sig=:AAAA:",
            "signature-component",
        ),
        (
            f'sig=("@method" "@target-uri" "@status");created={NOW_S:.0f};keyid="partner"',
            "sig=:AAAA:",
            "signature-component",
        ),
        (
            f'sig=("@method" "@target-uri" "x-gone");created={NOW_S:.0f};keyid="partner"',
            "sig=:AAAA:",
            "signature-component",
        ),
    ],
)
def test_broken_signatures(inputs: str, values: str, expected: str) -> None:
    headers = [("Signature-Input", inputs)] if inputs else []
    headers += [("Signature", values)] if values else []
    assert rule(own_check().check(call(*headers), NOW_S)) == expected
