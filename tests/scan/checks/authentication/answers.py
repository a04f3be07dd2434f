"""Exchanges made by hand: what an answer looks like, and how long it took."""

from apiward.core.exchange import Exchange, Request, Response


def answered(text: str = "", status: int = 401, *, after_s: float = 0.01, **headers: str) -> Exchange:
    """Return an exchange with that answer."""
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    request = Request("POST", "http://api.test/login")
    return Exchange(request, Response(status, pairs, text.encode()), elapsed_s=after_s)
