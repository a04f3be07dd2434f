"""When files have changed, and when what they hold may be used."""

from pathlib import Path

from apiward.net.proxy.warden import is_usable, prints_of
from tests.net.proxy.certificates import Authority


def test_every_change_of_a_file_shows(tmp_path: Path) -> None:
    file = tmp_path / "a"
    seen = [prints_of((file,))]
    file.write_text("1")
    seen.append(prints_of((file,)))
    file.write_text("12")
    seen.append(prints_of((file,)))
    (tmp_path / "b").write_text("12")
    (tmp_path / "b").replace(file)
    seen.append(prints_of((file,)))
    assert len(set(seen)) == 4
    assert prints_of((file,)) == seen[-1]


def test_a_certificate_without_its_key_is_not_used(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    one, two = authority.sign("one"), authority.sign("two")
    assert is_usable(one.certificate, one.key, None)
    assert is_usable(None, None, None)
    assert not is_usable(one.certificate, two.key, None)
    assert not is_usable(one.certificate, tmp_path / "none", None)
    one.certificate.write_bytes(one.certificate.read_bytes()[:100])
    assert not is_usable(one.certificate, one.key, None)
