"""Signatures, certificates and keys through the whole authenticator, as settings put it together."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apiward.access.authenticator import CredentialAuthenticator
from apiward.access.settings import AuthenticateSettings, SignerSettings
from apiward.access.signatures.components import signature_base
from apiward.access.signatures.structured import InnerList, parse_dictionary
from apiward.access.tokens.binding import thumbprint
from apiward.core.call import Call
from apiward.core.principal import ANONYMOUS, PrincipalKind
from tests.access.certifying import authority, certificate, der
from tests.access.making import NOW_S, authenticator, bearer, call, issuer, rule, token, who

PARTNER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEM = PARTNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
SIGNERS = (SignerSettings("partner", pem_file="partner.pem", name="Partner GmbH", roles=("courier",)),)
FILES = {"partner.pem": PEM, "ca.pem": authority().public_bytes(Encoding.PEM)}
CA = replace(AuthenticateSettings(), certificate_ca_file="ca.pem", certificate_roles=("till",))
PROXY = replace(CA, certificate_header="Client-Cert", certificate_proxies=("10.0.0.0/8",))


def signed(made: Call) -> Call:
    """Sign a call as the partner would."""
    text = f'sig=("@method" "@target-uri");created={NOW_S:.0f};keyid="partner"'
    member = parse_dictionary(text)["sig"]
    assert isinstance(member, InnerList)
    value = base64.b64encode(PARTNER.sign(signature_base(made, member).encode()))
    made.headers += [(b"signature-input", text.encode()), (b"signature", b"sig=:" + value + b":")]
    made.header = dict(reversed(made.headers))
    return made


def with_partner(settings: AuthenticateSettings | None = None) -> CredentialAuthenticator:
    return authenticator(issuer(), signers=SIGNERS, files=FILES, settings=settings)


def test_a_signed_request_is_the_partner() -> None:
    made = signed(call())
    guard = with_partner()
    principal = who(guard.authenticate(made))
    assert (principal.kind, principal.id, principal.name) == (PrincipalKind.KEY, "partner", "Partner GmbH")
    assert principal.roles == {"courier"}
    assert guard.wants_body(made)
    assert guard.check_body(made) is None
    made.body = b"added on the way"
    assert rule(guard.check_body(made)) == "signature-cover"


def test_unsigned_calls_have_no_body_to_check() -> None:
    guard = with_partner()
    assert guard.authenticate(call()) is ANONYMOUS
    assert not guard.wants_body(call())
    assert guard.check_body(call()) is None
    assert authenticator().check_body(call()) is None


def test_half_a_signature_and_a_bad_one_are_refused_also_beside_a_good_token() -> None:
    guard = with_partner()
    good = ("Authorization", f"Bearer {token()}")
    assert rule(guard.authenticate(call(good, ("Signature", "sig=:AAAA:")))) == "signature-unreadable"
    who(guard.authenticate(call(good)))
    assert rule(guard.authenticate(call(good, ("Signature-Input", "sig=()")))) == "signature-unreadable"
    assert who(guard.authenticate(signed(call(good)))).id == "user-1"


def test_a_signature_is_no_business_of_ours_without_signers() -> None:
    assert authenticator().authenticate(signed(call())) is ANONYMOUS


def test_a_certificate_alone_is_a_device_and_a_token_comes_before_it() -> None:
    guard = with_partner(CA)
    device = who(guard.authenticate(call(certificate=der(certificate()))))
    assert (device.kind, device.name, device.roles) == (PrincipalKind.DEVICE, "till-7", frozenset({"till"}))
    assert who(guard.authenticate(bearer(token(), certificate=der(certificate())))).id == "user-1"
    assert rule(guard.authenticate(bearer(token(), certificate=b"junk"))) == "certificate-unreadable"


def test_a_certificate_without_rules_says_nothing() -> None:
    assert authenticator().authenticate(call(certificate=der(certificate()))) is ANONYMOUS


def test_a_bound_token_through_a_proxy() -> None:
    guard = with_partner(PROXY)
    bound = token(cnf={"x5t#S256": thumbprint(der(certificate()))})
    shown = ("Client-Cert", f":{base64.b64encode(der(certificate())).decode()}:")
    made = [("Authorization", f"Bearer {bound}"), shown]
    assert who(guard.authenticate(call(*made, peer="10.1.2.3"))).id == "user-1"
    assert rule(guard.authenticate(call(*made, peer="192.0.2.9"))) == "token-binding"
    unreadable = call(made[0], ("Client-Cert", "junk"), peer="10.1.2.3")
    assert rule(guard.authenticate(unreadable)) in ("token-binding", "certificate-unreadable")


@pytest.mark.parametrize("value", ["", "junk"])
def test_the_header_of_a_proxy_from_elsewhere_is_nobody(value: str) -> None:
    assert with_partner(PROXY).authenticate(call(("Client-Cert", value))) is ANONYMOUS


def test_a_certificate_that_is_handed_on_twice_is_refused() -> None:
    """A proxy that adds its header to one that the caller sent would let the caller choose."""
    shown = f":{base64.b64encode(der(certificate())).decode()}:"
    made = call(("Client-Cert", shown), ("Client-Cert", shown), peer="10.1.2.3")
    assert rule(with_partner(PROXY).authenticate(made)) == "credential-twice"
