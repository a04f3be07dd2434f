"""What may be set of the protocol stage."""

from dataclasses import dataclass
from enum import StrEnum

from apiward.core.settings import setting
from apiward.guard.wire.media import USUAL_CHARSETS, USUAL_TYPES

MIB = 1_048_576


class OnDoubt(StrEnum):
    """What becomes of a thing that is odd, but that honest clients do as well."""

    PASS = "pass"  # noqa: S105 - no password
    NOTE = "note"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class ProtocolSettings:
    """Limits of requests. Sizes are in bytes."""

    methods: tuple[str, ...] = setting(
        ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
        "Methods that are let through, with those that the description names.",
    )
    method_override: bool = setting(
        default=False, help_text="Let headers and fields name another method than the request's."
    )
    body_methods: tuple[str, ...] = setting(
        ("POST", "PUT", "PATCH", "DELETE"),
        "Methods whose requests may have a body, with those for which the description names one.",
    )
    hosts: tuple[str, ...] = setting(
        (), "Hosts that may be asked for (`*.shop.example` takes all below); none means any."
    )
    longest_path: int = setting(4_096, "Longest path.", least=64, most=65_536)
    most_segments: int = setting(64, "Most parts of a path.", least=4, most=1_000)
    path_parameters: bool = setting(default=False, help_text="Let `;` stand in paths.")
    encoded_slashes: bool = setting(default=False, help_text="Let `%2F` stand in paths, as part of one segment.")
    longest_query: int = setting(8_192, "Longest query.", least=64, most=1_000_000)
    most_parameters: int = setting(256, "Most parameters of a query.", least=1, most=10_000)
    repeated_parameters: OnDoubt = setting(  # noqa: RUF009 - a field, as dataclasses.field makes it
        OnDoubt.NOTE,
        "What becomes of a parameter that comes twice and is not described as a list: pass, note or refuse.",
    )
    most_headers: int = setting(100, "Most headers.", least=10, most=1_000)
    longest_header: int = setting(8_192, "Longest header, with its name.", least=256, most=65_536)
    largest_headers: int = setting(32_768, "All headers together.", least=1_024, most=1_048_576)
    single_headers: tuple[str, ...] = setting((), "More headers that may come only once.")
    content_types: tuple[str, ...] = setting(
        USUAL_TYPES, "Content types that are taken, with those that the description names; `*` stands for any word."
    )
    charsets: tuple[str, ...] = setting(USUAL_CHARSETS, "Charsets that are taken.")
    untyped_bodies: bool = setting(default=False, help_text="Take bodies without a content type.")
    mistyped_bodies: OnDoubt = setting(  # noqa: RUF009 - the same
        OnDoubt.NOTE,
        "What becomes of JSON that is sent as another type: pass, note or refuse. It is judged as JSON in any case.",
    )
    encodings: tuple[str, ...] = setting(("gzip", "deflate", "br"), "Compressions of bodies that are taken.")
    most_inflation: int = setting(100, "How many times larger than it came a body may become.", least=2, most=10_000)
    largest_json: int = setting(4 * MIB, "Largest JSON body.", least=1_024, most=1_024 * MIB)
    largest_form: int = setting(1 * MIB, "Largest form.", least=1_024, most=1_024 * MIB)
    largest_multipart: int = setting(64 * MIB, "Largest form with files.", least=1_024, most=16_384 * MIB)
    largest_text: int = setting(4 * MIB, "Largest text or XML body.", least=1_024, most=1_024 * MIB)
    largest_binary: int = setting(
        1_024 * MIB, "Largest other body; such bodies go past unread.", least=1_024, most=1_048_576 * MIB
    )
    deepest_json: int = setting(32, "How deep lists and objects may stand in one another.", least=1, most=500)
    most_json_keys: int = setting(
        100_000, "Most keys of a JSON body, in all its objects together.", least=1, most=10_000_000
    )
    most_json_items: int = setting(500_000, "Most values of a JSON body.", least=1, most=50_000_000)
    longest_json_text: int = setting(
        1 * MIB, "Longest text within a JSON body, in characters.", least=256, most=1_024 * MIB
    )
    longest_json_number: int = setting(30, "Most digits in a row of a number.", least=15, most=1_000)
    most_fields: int = setting(1_000, "Most fields of a form.", least=1, most=100_000)
    most_parts: int = setting(200, "Most parts of a form with files.", least=1, most=10_000)
    refused_extensions: tuple[str, ...] = setting(
        ("php", "phtml", "phar", "php3", "php5", "jsp", "jspx", "asp", "aspx", "ashx", "cfm", "cgi", "htaccess"),
        "Endings that no part of an uploaded file's name may have: such files run on some servers.",
    )
    body_timeout_s: float = setting(
        30.0, "How long a body may take to come in, besides its least pace.", least=1, most=3_600
    )

    def __post_init__(self) -> None:
        odd = [method for method in (*self.methods, *self.body_methods) if not (method.isupper() and method.isalpha())]
        if odd:
            raise ValueError(f"methods: {odd[0]!r} is no method; they are written in capitals, as in GET")
        if "CONNECT" in self.methods:
            raise ValueError("methods: CONNECT is for proxies that anyone may use, and cannot be let through")
        unknown = sorted(set(self.encodings) - {"gzip", "deflate", "br"})
        if unknown:
            raise ValueError(f"encodings: {unknown[0]!r} is not known; gzip, deflate and br are")
        utf16 = [charset for charset in self.charsets if charset.lower() not in USUAL_CHARSETS]
        if utf16:
            raise ValueError(f"charsets: {utf16[0]!r} cannot be read here; {', '.join(USUAL_CHARSETS)} can")
