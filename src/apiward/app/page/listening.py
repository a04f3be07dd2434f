"""Where the page listens: on this computer only, as long as there is no log-in."""

from apiward.config.errors import AdvisedError
from apiward.config.guarding import address_of
from apiward.guard.origins.addresses import read_address
from apiward.guard.origins.networks import Networks
from apiward.net.proxy.serving import why_not

USUAL = "127.0.0.1:8181"
_LOOPBACK = Networks(("127.0.0.0/8", "::1/128"), field="loopback")


def page_place(listen: str) -> tuple[str, int]:
    """Return host and port of the page. Raises AdvisedError where it may not, or cannot, listen there."""
    try:
        host, port = address_of(listen)
    except ValueError:
        raise AdvisedError(f"{listen[:60]!a} is no host with a port.", "", f"Write it as {USUAL}.") from None
    host = "127.0.0.1" if host == "localhost" else host
    address = read_address(host)
    if address is None or address not in _LOOPBACK:
        raise AdvisedError(
            f"The page cannot listen at {host}: others could reach it there, and it has no log-in yet.",
            "It is for people at this computer.",
            f"From elsewhere, go through SSH: ssh -L {port}:127.0.0.1:{port} you@this-computer",
        )
    if why := why_not(host, port):
        raise AdvisedError(
            f"The page cannot listen at {host}:{port}.", f"{why}.", "End what listens there, or name another place."
        )
    return host, port
