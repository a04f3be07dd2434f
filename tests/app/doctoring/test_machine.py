from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from apiward.app.doctoring.machine import look_at_certificates, look_at_parts, look_at_python, look_at_room
from apiward.app.doctoring.model import State
from apiward.app.guarding.place import Place
from apiward.config.guarding import GuardConfig, TlsConfig
from apiward.config.page import PageConfig
from tests.app.standing.made import NOW_S


def certificate(path: Path, days: float) -> None:
    """Write a certificate that ends in so many days."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")])
    now = datetime.fromtimestamp(NOW_S, UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now - timedelta(days=99), now + timedelta(days=days)
    )
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


@pytest.mark.parametrize(
    ("days", "state", "said"),
    [
        (90.5, State.GOOD, "a.pem counts for 90 days more."),
        (5.5, State.MISSING, "a.pem ends in 5 days."),
        (-2.5, State.BROKEN, "a.pem ended 3 days ago."),
    ],
)
def test_a_certificate_says_how_long_it_counts(tmp_path: Path, days: float, state: State, said: str) -> None:
    certificate(tmp_path / "a.pem", days)
    config = GuardConfig(tls=TlsConfig("a.pem", "a.key"))
    (seen,) = look_at_certificates(config, PageConfig(), Place(None, tmp_path, tmp_path), NOW_S)
    assert (seen.state, seen.said) == (state, said)


@pytest.mark.parametrize("text", [None, b"no certificate"])
def test_a_certificate_that_cannot_be_read_is_told(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / "a.pem").write_bytes(text)
    place = Place(tmp_path / "my settings.toml", tmp_path, tmp_path)
    (seen,) = look_at_certificates(GuardConfig(tls=TlsConfig("a.pem", "a.key")), PageConfig(), place, NOW_S)
    assert (seen.state, seen.command) == (State.BROKEN, f"apiward config check '{place.file}'")
    assert list(look_at_certificates(GuardConfig(), PageConfig(), place, NOW_S)) == []


def test_little_room_is_told_also_where_the_folder_is_not_there_yet(tmp_path: Path) -> None:
    place = tmp_path / "not" / "yet"
    assert look_at_room(place, 500, free=lambda _: 501_000_000).state is State.GOOD
    little = look_at_room(place, 500, free=lambda folder: 3_000_000 if folder == tmp_path else 0)
    assert (little.state, little.said) == (State.BROKEN, "Only 3 megabytes are free.")


def test_parts_that_are_missing_are_named_by_what_they_are_for() -> None:
    assert look_at_parts(lambda _: True).state is State.GOOD
    seen = look_at_parts(lambda name: name == "weasyprint")
    assert seen.said == "Not installed, and only needed for: a PostgreSQL store, being told by Apprise."
    assert seen.command == "pip install 'apiward[postgresql]'"
    assert look_at_parts().state <= State.LATER
    assert look_at_python().state is State.GOOD


def test_the_certificate_of_the_page_is_looked_at_as_well(tmp_path: Path) -> None:
    certificate(tmp_path / "p.pem", 5.5)
    page = PageConfig(certificate_file="p.pem", key_file="p.key")
    (seen,) = look_at_certificates(GuardConfig(), page, Place(None, tmp_path, tmp_path), NOW_S)
    assert (seen.part, seen.state, seen.said) == ("page-certificate", State.MISSING, "p.pem ends in 5 days.")
