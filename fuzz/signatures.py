"""Any bytes as structured fields, digests, tokens and a path: read in one way, or refused by their own error."""

from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["apiward"]):
    from apiward.access.signatures.digest import digest_problem
    from apiward.access.signatures.structured import StructuredFieldError, parse_dictionary, serialize_dictionary
    from apiward.access.tokens.compact import looks_like_token, read_compact
    from apiward.guard.origins.forwarded import client_of
    from apiward.guard.origins.networks import Networks
    from apiward.guard.wire.multipart import read_parts
    from apiward.guard.wire.paths import PathRules
    from apiward.guard.wire.unfit import UnfitError

from fuzz.running import run

_PATHS = PathRules()
_TRUSTED = Networks(("10.0.0.0/8", "::1/128"), field="trusted_proxies")


def target(raw: bytes) -> None:
    """Read the bytes as each of them."""
    text = raw.decode("latin-1")
    try:
        members = parse_dictionary(text)
        assert parse_dictionary(serialize_dictionary(members)) == members, text
    except StructuredFieldError:
        pass
    digest_problem(raw[:200], raw[200:])
    if looks_like_token(raw):
        read_compact(raw, longest=4_096)
    read_compact(raw, longest=4_096)
    client_of([raw], _TRUSTED, is_forwarded=True)
    client_of([raw], _TRUSTED, is_forwarded=False)
    try:
        path = _PATHS.read(raw)
        assert not {"..", "."} & set(path.split("/")), raw
        assert "//" not in path, raw
    except UnfitError:
        pass
    with suppress(UnfitError):
        read_parts(raw, b"b", most=20, refused_extensions=frozenset({"php"}))


if __name__ == "__main__":
    run(target, "signatures")
