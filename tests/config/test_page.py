from pathlib import Path

import pytest

from apiward.config.page import PageConfig, load_page, parse_page

GOOD = """[page]
listen = "0.0.0.0:8443"
names = ["page.shop.example", "page.shop.example:8443", "192.0.2.7"]
certificate_file = "page.pem"
key_file = "page.key"
proxies = ["192.0.2.0/28", "::1"]
"""


def test_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "apiward.toml").write_text(GOOD)
    config = load_page(tmp_path / "apiward.toml")
    assert (config.names[0], config.key_file, config.proxies[1]) == ("page.shop.example", "page.key", "::1")
    assert parse_page("") == (PageConfig(), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('listen = "8181"', "no host with a port"),
        ('names = ["https://page.example"]', "no name of a host"),
        ('names = ["Page.example"]', "small letters"),
        ('key_file = "page.key"', "belong together"),
        ('proxies = ["proxy.example"]', "is no network"),
        ('name = "page.example"', "unknown key"),
    ],
)
def test_slips_are_told(text: str, said: str) -> None:
    config, (problem,) = parse_page(f"[page]\n{text}\n")
    assert config == PageConfig()
    assert said in problem
