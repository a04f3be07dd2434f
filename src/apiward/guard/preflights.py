"""What browsers ask before they send a request to another site (Fetch standard, CORS preflight)."""

from apiward.core.call import Call


def is_preflight(call: Call) -> bool:
    """Return whether the call only asks what is allowed; it never carries a log-in."""
    return call.method == "OPTIONS" and b"access-control-request-method" in call.header and b"origin" in call.header
