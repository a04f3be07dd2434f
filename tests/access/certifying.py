"""Certificates for the tests of `access`, made once."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.access.making import NOW_S

NOW = datetime.fromtimestamp(NOW_S, UTC)


@cache
def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    """Return the key of `name`, made once."""
    assert name
    return ec.generate_private_key(ec.SECP256R1())


@cache
def certificate(
    name: str = "till-7",
    *,
    by: str = "Shop CA",
    is_authority: bool = False,
    days: int = 30,
    use: str = "client",
    san: str = "",
) -> x509.Certificate:
    """Return a certificate for `name`, signed by the authority `by`; `days` after now it ends."""
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, by)]))
        .public_key(key_of(name).public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    purposes = {"client": ExtendedKeyUsageOID.CLIENT_AUTH, "server": ExtendedKeyUsageOID.SERVER_AUTH}
    if use in purposes:
        made = made.add_extension(x509.ExtendedKeyUsage([purposes[use]]), critical=False)
    if san:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(san)]), critical=False)
    return made.sign(key_of(by), hashes.SHA256())


def der(made: x509.Certificate) -> bytes:
    """Return the certificate in DER form."""
    return made.public_bytes(Encoding.DER)


def authority(days: int = 60) -> x509.Certificate:
    """Return the authority "Shop CA"."""
    return certificate("Shop CA", by="Shop CA", is_authority=True, use="", days=days)
