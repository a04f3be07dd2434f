"""Any text in any field: the inspection never raises, and says the same of it twice."""

import atheris

with atheris.instrument_imports(include=["apiward"]):
    from apiward.inspection.api import inspect_text
    from apiward.inspection.bodies import inspect_body, inspect_pairs
    from apiward.inspection.model import Profile
    from apiward.inspection.requests import inspect_header, inspect_path

from fuzz.running import run

_PROFILES = list(Profile)
_KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/xml",
    "application/graphql",
    "text/plain",
    "application/octet-stream",
    "",
)


def target(raw: bytes) -> None:
    """Look at the bytes in each way."""
    text = raw.decode("utf-8", "surrogateescape")
    plain = raw.decode("utf-8", "replace")
    for profile in _PROFILES:
        assert inspect_text(plain, profile) == inspect_text(plain, profile)
    inspect_text(text)
    inspect_path(plain)
    inspect_header("x-note", plain)
    inspect_pairs([(plain[:40], plain)])
    for kind in _KINDS:
        inspect_body(raw, kind)


if __name__ == "__main__":
    run(target, "inspection")
