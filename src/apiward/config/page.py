"""The table [page] of apiward.toml: where the owner's page listens, and who may reach it from elsewhere."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apiward.config.guarding import address_of
from apiward.config.tables import load_table, parse_table
from apiward.core.settings import setting
from apiward.guard.origins.networks import Networks

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class PageConfig:
    """`[page]`: from this computer it needs none of this. From elsewhere it needs names, TLS, and people who log in."""

    listen: str = setting("127.0.0.1:8181", "Host and port at which the page listens.")
    names: tuple[str, ...] = setting((), "Names under which others reach the page, such as page.shop.example.")
    certificate_file: str = setting("", "Its certificate with the chain (PEM), as ACME clients write it.")
    key_file: str = setting("", "The certificate's private key (PEM).")
    proxies: tuple[str, ...] = setting((), "Addresses of proxies before the page that speak TLS and say so.")

    def __post_init__(self) -> None:
        address_of(self.listen)
        for name in self.names:
            if not _NAME.fullmatch(name):
                raise ValueError(
                    f'names: "{name[:60]}" is no name of a host in small letters, such as page.shop.example'
                )
        if bool(self.certificate_file) != bool(self.key_file):
            raise ValueError("certificate_file: certificate_file and key_file belong together")
        Networks(self.proxies, field="proxies")


def load_page(path: Path) -> PageConfig:
    """Return what the file at `path` says of the page; raises ConfigError with all that is wrong with it."""
    return load_table(path, parse_page)


def parse_page(text: str) -> tuple[PageConfig, tuple[str, ...]]:
    """Return the settings in `text`, and what is wrong with them, a sentence each. Never raises."""
    return parse_table(PageConfig, "page", text)
