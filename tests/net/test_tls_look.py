"""Looks at a real nginx with bad settings, and at one with good ones."""

import asyncio
import datetime as dt
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from apiward.core.tls import Distrust, TlsFacts
from apiward.net.tls_look import TlsLook

NGINX: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
HEAD: Final = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
"""
SERVER: Final = """
server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {certificate}; ssl_certificate_key {folder}/key.pem;
ssl_protocols {protocols}; ssl_ciphers {ciphers}; location / {{ return 200 "ok"; }} }}
"""
GOOD: Final = ("TLSv1.2 TLSv1.3", "ECDHE+AESGCM")
KINDS: Final = {
    "sound": ("good", *GOOD),
    "old versions": ("good", "TLSv1 TLSv1.1 TLSv1.2", "ALL:@SECLEVEL=0"),
    "weak ciphers": ("good", "TLSv1.2", "aNULL:eNULL:ECDHE+AESGCM:@SECLEVEL=0"),
    "ended": ("ended", *GOOD),
    "another name": ("another", *GOOD),
    "by itself": ("itself", *GOOD),
    "by a stranger": ("stranger", *GOOD),
}
DAY: Final = dt.timedelta(days=1)


class Signer:
    """Makes certificates for one key; all servers here share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = rsa.generate_private_key(65537, 2048)
        form = serialization.PrivateFormat.PKCS8
        data = self._key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        (folder / "key.pem").write_bytes(data)

    def make(self, file: str, *, issuer: str, name: str = "localhost", ends: dt.timedelta = 30 * DAY) -> Path:
        """Write a certificate; it is an authority where it signs itself."""
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(file))
            .issuer_name(_name(issuer))
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + ends)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=file == issuer, path_length=None), critical=True)
        )
        path = self._folder / f"{file}.pem"
        path.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TlsFacts | None]]:
    """What is seen of each kind of server."""
    folder = tmp_path_factory.mktemp("tls")
    signer = Signer(folder)
    authority = signer.make("authority", issuer="authority")
    signer.make("good", issuer="authority")
    signer.make("ended", issuer="authority", ends=-DAY)
    signer.make("another", issuer="authority", name="other.example")
    signer.make("itself", issuer="itself")
    signer.make("stranger", issuer="nobody")
    ports = {kind: _free_port() for kind in KINDS}
    servers = [
        SERVER.format(
            folder=folder, port=ports[kind], certificate=folder / f"{file}.pem", protocols=old, ciphers=ciphers
        )
        for kind, (file, old, ciphers) in KINDS.items()
    ]
    (folder / "nginx.conf").write_text(HEAD.format(folder=folder) + "".join(servers) + "}")
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _await_listening(list(ports.values()))
            look = TlsLook(lambda: ssl.create_default_context(cafile=str(authority)))
            yield asyncio.run(_all(look, ports))
        finally:
            process.terminate()
            process.wait(10)


async def _all(look: TlsLook, ports: dict[str, int]) -> dict[str, TlsFacts | None]:
    found = {kind: await look.look("localhost", port) for kind, port in ports.items()}
    return found | {"nobody": await look.look("localhost", _free_port())}


def _await_listening(ports: list[int]) -> None:
    until = time.monotonic() + 20
    for port in ports:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until, "nginx does not start"
                time.sleep(0.02)


def test_a_sound_server_gives_nothing_to_say(facts: dict[str, TlsFacts | None]) -> None:
    sound = facts["sound"]
    assert sound is not None
    assert (sound.old_versions, sound.weak_ciphers, sound.distrust) == ((), (), Distrust.NONE)
    assert sound.ends_s is not None
    assert sound.ends_s > time.time()


def test_old_versions_and_weak_ciphers_are_agreed_on_with_who_takes_them(facts: dict[str, TlsFacts | None]) -> None:
    old, weak = facts["old versions"], facts["weak ciphers"]
    assert old is not None
    assert weak is not None
    assert old.old_versions == ("TLS 1.0", "TLS 1.1")
    assert weak.old_versions == ()
    assert len(weak.weak_ciphers) == 1


@pytest.mark.parametrize(
    ("kind", "distrust"),
    [
        ("ended", Distrust.EXPIRED),
        ("another name", Distrust.OTHER_NAME),
        ("by itself", Distrust.SELF_SIGNED),
        ("by a stranger", Distrust.UNKNOWN_ISSUER),
    ],
)
def test_certificates_that_browsers_do_not_believe(
    kind: str, distrust: Distrust, facts: dict[str, TlsFacts | None]
) -> None:
    seen = facts[kind]
    assert seen is not None
    assert seen.distrust is distrust
    assert seen.detail


def test_nobody_is_nothing(facts: dict[str, TlsFacts | None]) -> None:
    assert facts["nobody"] is None
