"""Agrees on secure connections with a server, some of them badly on purpose, and sends nothing over them."""

import asyncio
import contextlib
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final

from apiward.core.tls import Distrust, TlsFacts

WAITING_S: Final = 6.0
_OLD: Final = (("TLS 1.0", ssl.TLSVersion.TLSv1), ("TLS 1.1", ssl.TLSVersion.TLSv1_1))
_WEAK: Final = ("aNULL", "eNULL", "3DES", "RC4", "DES", "EXPORT", "IDEA", "SEED")
# Codes of OpenSSL's x509_vfy.h.
_DISTRUST: Final = {
    9: Distrust.NOT_YET,
    10: Distrust.EXPIRED,
    18: Distrust.SELF_SIGNED,
    19: Distrust.UNKNOWN_ISSUER,
    20: Distrust.UNKNOWN_ISSUER,
    21: Distrust.UNKNOWN_ISSUER,
    62: Distrust.OTHER_NAME,
    64: Distrust.OTHER_NAME,
}


class TlsLook:
    """Looks at one server at a time. `trusted` makes the context that believes what browsers believe."""

    def __init__(self, trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context) -> None:
        self._trusted = trusted

    async def look(self, host: str, port: int) -> TlsFacts | None:
        """Return what could be agreed; None where no secure connection could be agreed at all."""
        facts = await self._believed(host, port)
        if facts is None:
            return None
        old = [name for name, version in _OLD if await _agrees(host, port, _only(version))]
        context = _weak()
        weak = await _agreed_cipher(host, port, context) if context is not None else ""
        return replace(facts, old_versions=tuple(old), weak_ciphers=(weak,) if weak else ())

    async def _believed(self, host: str, port: int) -> TlsFacts | None:
        try:
            certificate = await _certificate(host, port, self._trusted())
        except ssl.SSLCertVerificationError as error:
            distrust = _DISTRUST.get(error.verify_code, Distrust.OTHER)
            return TlsFacts(distrust=distrust, detail=error.verify_message)
        except (OSError, TimeoutError):
            # It may speak nothing but what is too old for us, and still be there.
            is_there = any([await _agrees(host, port, _only(version)) for _, version in _OLD])
            return TlsFacts() if is_there else None
        ends = certificate.get("notAfter")
        return TlsFacts(ends_s=ssl.cert_time_to_seconds(ends) if isinstance(ends, str) else None)


def _blind() -> ssl.SSLContext:
    """Return a context that believes everything: it sends nothing, and only wants to know what is agreed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _only(version: ssl.TLSVersion) -> ssl.SSLContext:
    context = _blind()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is the point
        context.minimum_version = context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _weak() -> ssl.SSLContext | None:
    """Return a context with nothing but weak ciphers; None where OpenSSL was built without any."""
    context = _blind()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with contextlib.suppress(ssl.SSLError):
        context.set_ciphers(f"{':'.join(_WEAK)}:@SECLEVEL=0")
        return context
    return None


async def _agrees(host: str, port: int, context: ssl.SSLContext) -> bool:
    try:
        await _certificate(host, port, context)
    except (OSError, TimeoutError, ValueError):
        return False
    return True


async def _agreed_cipher(host: str, port: int, context: ssl.SSLContext) -> str:
    try:
        async with _connected(host, port, context) as agreed:
            cipher = agreed.cipher()
    except (OSError, TimeoutError, ValueError):
        return ""
    return str(cipher[0]) if cipher else ""


async def _certificate(host: str, port: int, context: ssl.SSLContext) -> dict[str, object]:
    async with _connected(host, port, context) as agreed:
        return dict(agreed.getpeercert() or {})


@contextlib.asynccontextmanager
async def _connected(host: str, port: int, context: ssl.SSLContext) -> AsyncIterator[ssl.SSLObject]:
    async with asyncio.timeout(WAITING_S):
        _, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        yield writer.get_extra_info("ssl_object")
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(WAITING_S):
                await writer.wait_closed()
