import socket
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from apiward.app.page.listening import PagePlace, page_place, planned_place
from apiward.config.errors import AdvisedError
from apiward.config.page import PageConfig
from tests.access.certifying import certificate, key_of

NAMES = ("page.shop.example",)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "[::]", "shop.example"])
def test_beyond_this_computer_the_page_needs_tls(host: str) -> None:
    for config in (PageConfig(), PageConfig(names=NAMES)):
        with pytest.raises(AdvisedError, match="passwords would go unprotected") as error:
            page_place(f"{host}:8181", config)
        assert "ssh -L 8181:127.0.0.1:8181" in error.value.advice


def test_beyond_this_computer_the_page_needs_a_name() -> None:
    with pytest.raises(AdvisedError, match="under which name"):
        page_place("0.0.0.0:8181", PageConfig(proxies=("192.0.2.9",)))


def test_a_name_for_others_needs_tls_on_this_computer_too() -> None:
    with pytest.raises(AdvisedError, match="needs TLS"):
        page_place("127.0.0.1:8181", PageConfig(names=NAMES))


def test_a_certificate_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    config = PageConfig(names=NAMES, certificate_file="page.pem", key_file="page.key")
    with pytest.raises(AdvisedError, match=r"cannot use .*page\.pem"):
        page_place("0.0.0.0:8443", config, tmp_path)


def test_a_certificate_that_is_none_or_has_another_key_is_told_before_anything_starts(tmp_path: Path) -> None:
    config = PageConfig(names=NAMES, certificate_file="page.pem", key_file="page.key")
    pem, key = tmp_path / "page.pem", tmp_path / "page.key"
    own, other = (key_of(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for name in "ab")
    locked = key_of("a").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    right = certificate("a", use="server", san=NAMES[0]).public_bytes(Encoding.PEM)
    for text, secret in ((b"no certificate", own), (right, other), (right, locked)):
        pem.write_bytes(text)
        key.write_bytes(secret)
        with pytest.raises(AdvisedError, match="is not its key"):
            page_place("127.0.0.1:0", config, tmp_path)
    key.write_bytes(own)
    assert page_place("127.0.0.1:0", config, tmp_path).certificate == pem


def test_on_this_computer_it_may_be_where_nobody_else_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AdvisedError, match="cannot listen"):
            page_place(f"127.0.0.1:{port}")
    assert page_place(f"localhost:{port}").address == f"http://127.0.0.1:{port}"
    near = page_place(f"[::1]:{port}")
    assert (near.address, near.public, near.is_open) == (f"http://[::1]:{port}", f"http://[::1]:{port}", False)
    with pytest.raises(AdvisedError, match="no host with a port"):
        page_place("8181")


def test_others_are_told_its_name_and_this_computer_its_own_address(tmp_path: Path) -> None:
    tls = PageConfig(names=NAMES, certificate_file="page.pem", key_file="page.key")
    place = planned_place("0.0.0.0:8443", tls, tmp_path)
    assert (place.address, place.public) == ("https://127.0.0.1:8443", "https://page.shop.example:8443")
    assert place.certificate == tmp_path / "page.pem"
    behind = planned_place("[::]:8181", PageConfig(names=NAMES, proxies=("127.0.0.1",)), tmp_path)
    assert (behind.address, behind.public) == ("http://[::1]:8181", "https://page.shop.example")
    assert PagePlace("127.0.0.1", 443, ("a.example",)).public == "https://a.example"
