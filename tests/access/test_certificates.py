"""Client certificates: pinned, issued by a known authority, handed on by a trusted proxy; and tokens bound to them."""

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from apiward.access.certificates import (
    CertificateCheck,
    CertificateRules,
    certificate_in_header,
    load_authorities,
    parse_fingerprints,
)
from apiward.access.keys.values import parse_networks
from apiward.core.principal import PrincipalKind
from tests.access.certifying import NOW, authority, certificate, der
from tests.access.making import NOW_S, call, rule, who


def by_authority() -> CertificateCheck:
    return CertificateCheck(CertificateRules(authorities=(authority(),), roles=frozenset({"till"})))


def test_a_certificate_of_the_authority_is_a_device() -> None:
    principal = who(by_authority().check(der(certificate()), NOW_S))
    assert principal.kind is PrincipalKind.DEVICE
    assert (principal.id, principal.name, principal.issuer) == ("till-7", "till-7", "CN=Shop CA")
    assert principal.roles == {"till"}
    assert principal.is_verified
    named = who(by_authority().check(der(certificate(san="till-7.shop.example")), NOW_S))
    assert named.name == "till-7.shop.example"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (certificate(by="Other CA"), "certificate-unknown"),
        (certificate(days=-1), "certificate-expired"),
        (certificate(use="server"), "certificate-unknown"),
        (certificate("sub", is_authority=True), "certificate-unknown"),
        (authority(), "certificate-unknown"),
    ],
)
def test_others_are_refused(made: x509.Certificate, expected: str) -> None:
    assert rule(by_authority().check(der(made), NOW_S)) == expected


def test_an_authority_of_the_same_name_and_another_key_is_not_it() -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    forged = (
        x509.CertificateBuilder()
        .subject_name(certificate().subject)
        .issuer_name(certificate().issuer)
        .public_key(other.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(other, hashes.SHA256())
    )
    assert rule(by_authority().check(der(forged), NOW_S)) == "certificate-unknown"


def test_the_end_of_the_authority_counts() -> None:
    check = CertificateCheck(CertificateRules(authorities=(authority(days=-2),)))
    assert rule(check.check(der(certificate()), NOW_S)) == "certificate-unknown"


def test_a_certificate_that_ends_is_noticed_within_a_minute() -> None:
    check = by_authority()
    end_s = NOW_S + 30 * 86_400
    who(check.check(der(certificate()), end_s - 1))
    assert rule(check.check(der(certificate()), end_s + 60)) == "certificate-expired"


def test_pinned_fingerprints() -> None:
    pinned = certificate(by="Any CA").fingerprint(hashes.SHA256()).hex()
    spelled = ":".join(pinned[n : n + 2] for n in range(0, 64, 2)).upper()
    check = CertificateCheck(CertificateRules(fingerprints=parse_fingerprints([spelled])))
    principal = who(check.check(der(certificate(by="Any CA")), NOW_S))
    assert (principal.id, principal.issuer) == (pinned[:32], "")
    assert rule(check.check(der(certificate()), NOW_S)) == "certificate-unknown"


def test_without_rules_certificates_say_nothing() -> None:
    assert CertificateCheck(CertificateRules()).check(der(certificate()), NOW_S) is None


@given(st.binary(max_size=200))
def test_any_bytes(text: bytes) -> None:
    assert rule(by_authority().check(text, NOW_S)) == "certificate-unreadable"
    certificate_in_header(text)


def test_the_header_counts_only_from_the_proxy() -> None:
    rules = CertificateRules(header=b"client-cert", proxies=parse_networks(["10.0.0.0/8"]))
    text = f":{base64.b64encode(der(certificate())).decode()}:"
    check = CertificateCheck(rules)
    assert check.shown(call(("Client-Cert", text), peer="10.1.2.3")) == der(certificate())
    assert check.shown(call(("Client-Cert", text), peer="::ffff:10.1.2.3")) == der(certificate())
    assert check.shown(call(("Client-Cert", text), peer="192.0.2.1")) is None
    assert check.shown(call(("Client-Cert", text), peer="unix")) is None
    assert check.shown(call(("Client-Cert", "garbage"), peer="10.1.2.3")) == b""
    assert check.shown(call(peer="10.1.2.3")) is None
    assert check.shown(call(("Client-Cert", "x"), peer="192.0.2.1", certificate=b"tls")) == b"tls"


def test_forms_of_the_header() -> None:
    pem = certificate().public_bytes(Encoding.PEM).decode()
    assert certificate_in_header(quote(pem).encode()) == der(certificate())
    assert certificate_in_header(pem.replace("\n", " ").encode()) == der(certificate())
    for text in (b"", b":", b"::", b":***:", b"x" * 60_000):
        assert not certificate_in_header(text)


def test_settings_are_read_strictly() -> None:
    pem = authority().public_bytes(Encoding.PEM)
    assert load_authorities(pem) == (authority(),)
    for text in (b"", b"x", certificate().public_bytes(Encoding.PEM)):
        with pytest.raises(ValueError, match=r"."):
            load_authorities(text)
    with pytest.raises(ValueError, match="fingerprint"):
        parse_fingerprints(["AA:BB"])
