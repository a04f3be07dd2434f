"""Client certificates: from the connection, or from a proxy in front that is trusted to hand them on (RFC 9440)."""

import base64
import binascii
import hashlib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from apiward.access.bounded import Bounded
from apiward.access.keys.values import Network
from apiward.access.refusals import refused
from apiward.core.call import Call
from apiward.core.decision import Decision
from apiward.core.principal import Principal, PrincipalKind

MAX_CERTIFICATE: Final = 16_384
REMEMBERED: Final = 10_000
REMEMBERED_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """Which certificates are good: by SHA-256 fingerprint (lower-case hex), or issued by one of `authorities`."""

    fingerprints: frozenset[str] = frozenset()
    authorities: tuple[x509.Certificate, ...] = ()
    header: bytes = b""
    proxies: tuple[Network, ...] = ()
    roles: frozenset[str] = frozenset()


class CertificateCheck:
    """Says which device a certificate stands for. Each is read once a minute and known by its hash in between."""

    def __init__(self, rules: CertificateRules) -> None:
        self._rules = rules
        self.header = rules.header
        """The header that may hand on a certificate; empty where none may."""
        self._known: Bounded[Principal | Decision] = Bounded(REMEMBERED)

    def shown(self, call: Call) -> bytes | None:
        """Return the certificate of the call in DER form. The header counts only from a proxy that is trusted."""
        if call.certificate is not None:
            return call.certificate
        text = call.header.get(self._rules.header) if self._rules.header else None
        if text is None or not self._is_proxy(call.peer):
            return None
        return certificate_in_header(text) or b""

    def check(self, der: bytes, now_s: float) -> Principal | Decision | None:
        """Return the device, or why its certificate is refused; None where no rule says which are good."""
        if not self._rules.fingerprints and not self._rules.authorities:
            return None
        digest = hashlib.sha256(der).digest()
        found = self._known.get(digest, now_s)
        if found is None:
            found = self._read(der, digest.hex(), now_s)
            self._known.put(digest, found, now_s + REMEMBERED_S)
        return found

    def _read(self, der: bytes, fingerprint: str, now_s: float) -> Principal | Decision:
        if len(der) > MAX_CERTIFICATE:
            return refused("certificate-unreadable")
        try:
            certificate = x509.load_der_x509_certificate(der)
            name, is_timely = _name_of(certificate), _is_timely(certificate, now_s)
            is_good = fingerprint in self._rules.fingerprints or self._is_issued(certificate, now_s)
        except ValueError:
            return refused("certificate-unreadable")
        if not is_good:
            return refused("certificate-unknown", saw=f"fingerprint {fingerprint[:16]}…")
        if not is_timely:
            return refused("certificate-expired", saw=f"fingerprint {fingerprint[:16]}…")
        return self._device(certificate, fingerprint, name)

    def _device(self, certificate: x509.Certificate, fingerprint: str, name: str) -> Principal:
        """Name the device: by fingerprint where that is pinned, else by name and authority, which outlive a renewal."""
        is_pinned = fingerprint in self._rules.fingerprints or not name
        return Principal(
            PrincipalKind.DEVICE,
            fingerprint[:32] if is_pinned else name,
            name,
            issuer="" if is_pinned else certificate.issuer.rfc4514_string()[:200],
            roles=self._rules.roles,
            expires_s=certificate.not_valid_after_utc.timestamp(),
            is_verified=True,
        )

    def _is_issued(self, certificate: x509.Certificate, now_s: float) -> bool:
        return _may_be_client(certificate) and any(
            _is_timely(authority, now_s) and _is_issued_by(certificate, authority)
            for authority in self._rules.authorities
        )

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        plain = getattr(address, "ipv4_mapped", None) or address
        return any(plain in network for network in self._rules.proxies)


def certificate_in_header(text: bytes) -> bytes | None:
    """Return the certificate (DER) of a header: `:base64:` (RFC 9440), or PEM in percent-encoding as nginx gives it."""
    if len(text) > 3 * MAX_CERTIFICATE:
        return None
    try:
        if text.startswith(b":") and text.endswith(b":") and len(text) > 2:
            return base64.b64decode(text[1:-1], validate=True)
        body = unquote_to_bytes(text).partition(b"-----BEGIN CERTIFICATE-----")[2]
        body = body.partition(b"-----END CERTIFICATE-----")[0]
        return base64.b64decode(b"".join(body.split()), validate=True) or None
    except binascii.Error:
        return None


def load_authorities(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM text that may issue others. Raises ValueError with advice."""
    found = tuple(x509.load_pem_x509_certificates(pem))
    if not found or not all(_is_authority(certificate) for certificate in found):
        raise ValueError("each certificate in the file must be one of an authority (CA:TRUE)")
    return found


def parse_fingerprints(texts: Iterable[str]) -> frozenset[str]:
    """Return SHA-256 fingerprints in lower-case hex, however they were written. Raises ValueError with advice."""
    found = frozenset(text.lower().replace(":", "").replace(" ", "") for text in texts)
    for text in found:
        if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
            raise ValueError(f"{text[:80]!r} is no SHA-256 fingerprint (64 hexadecimal digits)")
    return found


def _is_issued_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_timely(certificate: x509.Certificate, now_s: float) -> bool:
    now = datetime.fromtimestamp(now_s, UTC)
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_be_client(certificate: x509.Certificate) -> bool:
    """Whether the certificate is no authority itself and, where it says what it is for, is for clients."""
    if _is_authority(certificate):
        return False
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return ExtendedKeyUsageOID.CLIENT_AUTH in uses or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in uses


def _name_of(certificate: x509.Certificate) -> str:
    """Return the first alternative name (RFC 9525 prefers it), else the common name, else nothing."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = None
    kinds = (x509.UniformResourceIdentifier, x509.DNSName, x509.RFC822Name)
    for name in names or ():
        if isinstance(name, kinds):
            return name.value[:200]
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value)[:200] if common else ""
