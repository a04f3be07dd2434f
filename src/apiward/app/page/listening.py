"""Where the page listens: on this computer, or for others too, where TLS protects it and people log in."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from apiward.config.errors import AdvisedError
from apiward.config.guarding import address_of
from apiward.config.page import PageConfig
from apiward.guard.origins.addresses import read_address
from apiward.guard.origins.networks import Networks
from apiward.net.proxy.serving import why_not
from apiward.net.proxy.warden import is_usable

USUAL: Final = "127.0.0.1:8181"
LOOPBACK: Final = Networks(("127.0.0.0/8", "::1/128"), field="loopback")
_NONE: Final = Networks((), field="proxies")


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Host and port, the names by which others ask for the page, its certificate, and the proxies before it."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    proxies: Networks = field(default=_NONE)

    @property
    def is_open(self) -> bool:
        """Whether others can reach it."""
        return bool(self.names)

    @property
    def scheme(self) -> str:
        """What it speaks itself."""
        return "https" if self.certificate else "http"

    @property
    def address(self) -> str:
        """Where it answers who sits at this computer."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else "::1" if self.host == "::" else self.host  # noqa: S104 - read
        return f"{self.scheme}://[{host}]:{self.port}" if ":" in host else f"{self.scheme}://{host}:{self.port}"

    @property
    def public(self) -> str:
        """Where it answers others; this computer's address where there are none."""
        if not self.names:
            return self.address
        name = self.names[0]
        is_behind = bool(self.proxies) or ":" in name or self.port == 443
        return f"https://{name}" if is_behind else f"https://{name}:{self.port}"


def planned_place(listen: str, config: PageConfig, base: Path) -> PagePlace:
    """Return where the page is to listen. Raises AdvisedError where that is no place at all."""
    try:
        host, port = address_of(listen)
    except ValueError:
        raise AdvisedError(f"{listen[:60]!a} is no host with a port.", "", f"Write it as {USUAL}.") from None
    host = "127.0.0.1" if host == "localhost" else host
    certificate, key = (base / name if name else None for name in (config.certificate_file, config.key_file))
    return PagePlace(host, port, config.names, certificate, key, Networks(config.proxies, field="proxies"))


def page_place(listen: str, config: PageConfig = PageConfig(), base: Path = Path()) -> PagePlace:  # noqa: B008 - frozen
    """Return where the page listens. Raises AdvisedError where it may not, or cannot."""
    place = planned_place(listen, config, base)
    address = read_address(place.host)
    _check_protected(place, is_near=address is not None and address in LOOPBACK)
    for file in (place.certificate, place.key):
        if file is not None:
            _check_readable(file)
    if not is_usable(place.certificate, place.key, ""):  # a key with a password would be asked for at the terminal
        raise AdvisedError(
            f"The page cannot use {place.certificate}.",
            f"It is no certificate, or {place.key} is not its key, or needs a password.",
            "See certificate_file and key_file in [page].",
        )
    if why := why_not(place.host, place.port):
        raise AdvisedError(
            f"The page cannot listen at {place.host}:{place.port}.",
            f"{why}.",
            "End what listens there, or name another place.",
        )
    return place


def _check_protected(place: PagePlace, *, is_near: bool) -> None:
    """Raise AdvisedError where others would reach the page without TLS, or under no name that is known."""
    if not place.names and (is_near and not place.certificate):
        return
    if not place.certificate and not place.proxies:
        raise AdvisedError(
            f"The page cannot listen at {place.host}: others could reach it there, and passwords would go unprotected.",
            "Beyond this computer it needs TLS.",
            "Set certificate_file and key_file, or proxies, in [page]. "
            f"Or go through SSH: ssh -L {place.port}:127.0.0.1:{place.port} you@this-computer",
        )
    if not place.names:
        raise AdvisedError(
            f"The page cannot listen at {place.host}: it is not said under which name others reach it.",
            "It answers to its own names only, so that no other page can pass for it.",
            'Set names in [page], such as names = ["page.shop.example"].',
        )


def _check_readable(path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise AdvisedError(
            f"The page cannot use {path}.", f"{error.strerror}.", "See certificate_file and key_file in [page]."
        ) from error
