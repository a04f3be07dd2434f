"""Requests written one a line: addresses, `METHOD address`, and `curl` commands. Nothing is run, no file is read."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from apiward.spec.document import Journal
from apiward.spec.samples.making import FORM, NoRequestError, sample_of
from apiward.spec.samples.sample import Sample

MAX_LINES: Final = 20_000
MAX_LINE: Final = 200_000
_METHOD_LINE: Final = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(\S+)(?:\s+HTTP/[\d.]+)?")
_ADDRESS: Final = re.compile(r"(?:https?://|/|\{\{)\S*")
_ANSI: Final = re.compile(r"\$'((?:[^'\\]|\\.){0,100000})'", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}
_ESCAPED: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
# short options that take a value, and long ones
_WITH_VALUE: Final = frozenset("XHdFubAeoTmxrcCKwyYzEDtPQU")
_LONG_WITH_VALUE: Final = frozenset(
    "request header data data-raw data-binary data-ascii data-urlencode json form form-string user cookie user-agent "
    "referer output url max-time connect-timeout proxy range cookie-jar config write-out cert key cacert capath "
    "resolve retry retry-delay limit-rate interface upload-file oauth2-bearer aws-sigv4 proxy-user dns-servers "
    "connect-to max-redirs noproxy preproxy socks4 socks4a socks5 socks5-hostname unix-socket abstract-unix-socket "
    "proto proto-redir proto-default doh-url url-query ciphers tls-max tls13-ciphers cert-type key-type pass crlfile "
    "pinnedpubkey max-filesize retry-max-time keepalive-time local-port dump-header stderr trace trace-ascii "
    "speed-limit speed-time time-cond variable".split()
)
_LONG: Final = {
    "X": "request",
    "H": "header",
    "d": "data",
    "F": "form",
    "u": "user",
    "b": "cookie",
    "G": "get",
    "I": "head",
}
_DATA: Final = frozenset({"data", "data-raw", "data-binary", "data-ascii", "data-urlencode", "json"})


@dataclass(slots=True)
class _Command:
    """What a `curl` command says."""

    url: str = ""
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    form: list[tuple[str, str]] = field(default_factory=list)
    is_get: bool = False
    is_json: bool = False
    is_multipart: bool = False


def is_list(text: str) -> bool:
    """Whether a text looks like requests, one a line."""
    for line in text[:20_000].splitlines():
        plain = line.strip()
        if plain and not plain.startswith("#"):
            return plain.startswith("curl ") or bool(_METHOD_LINE.match(plain) or _ADDRESS.fullmatch(plain))
    return False


def command_samples(text: str, journal: Journal) -> Iterator[Sample]:
    """Yield a sample for each line; what cannot be read becomes a problem with the number of its line."""
    for count, (number, line) in enumerate(_lines(text)):
        if count >= MAX_LINES or journal.is_late():
            journal.note((f"line {number}",), "There are too many lines; from here on nothing was read.")
            return
        try:
            yield _sample(line)
        except NoRequestError as error:
            journal.note((f"line {number}",), f"This line was left out: {error}.")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number; one that ends with a backslash, or within quotes, goes on in the next."""
    begun, quote, parts = 0, "", list[str]()
    size = 0
    for number, line in enumerate(text.splitlines(), 1):
        begun = begun or number
        is_command = (parts[0] if parts else line).lstrip().startswith("curl")
        quote = _quote_after(line, quote) if is_command else ""
        size += len(line)
        goes_on = line.endswith("\\") and not quote
        parts.append(line[:-1] + " " if goes_on else line)
        if (goes_on or quote) and size < MAX_LINE:
            continue
        plain = _together(parts)
        if plain and not plain.startswith("#"):
            yield begun, plain
        begun, size, quote, parts = 0, 0, "", []
    if plain := _together(parts):
        yield begun, plain


def _together(parts: list[str]) -> str:
    return "\n".join(parts).strip()


def _quote_after(line: str, quote: str) -> str:
    """Return the quote that is open after a line, where `quote` was open before it."""
    at = 0
    while at < len(line):
        sign = line[at]
        if sign == "\\" and quote != "'":
            at += 1
        elif quote and sign == quote[-1]:
            quote = ""
        elif not quote and sign in "\"'":
            quote = "$'" if sign == "'" and line[at - 1 : at] == "$" else sign
        at += 1
    return quote


def _sample(line: str) -> Sample:
    if line.startswith("curl"):
        return _curled(_command(_words(line)))
    found = _METHOD_LINE.fullmatch(line)
    if found is not None:
        return sample_of(found[1], found[2])
    if _ADDRESS.fullmatch(line):
        return sample_of("GET", line)
    raise NoRequestError("it is neither an address nor a curl command")


def _words(line: str) -> list[str]:
    if len(line) > MAX_LINE:
        raise NoRequestError("it is too long")
    try:
        return shlex.split(_ANSI.sub(lambda one: shlex.quote(_unescaped(one[1])), line))
    except ValueError:
        raise NoRequestError("a quote is not closed") from None


def _unescaped(text: str) -> str:
    def sign(found: re.Match[str]) -> str:
        said = found[1]
        return chr(int(said[1:], 16)) if said[0] in "ux" and said[1:] else _ESCAPES.get(said, said)

    return _ESCAPED.sub(sign, text)


def _command(words: list[str]) -> _Command:
    command = _Command()
    rest = iter(words[1:])
    bare: list[str] = []
    for word in rest:
        if word == "--":
            continue
        if not word.startswith("-") or word == "-":
            bare.append(word)
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            _option(command, name, value if equals else next(rest, "") if name in _LONG_WITH_VALUE else "")
        else:
            _short(command, word[1:], rest)
    # a word may also be the value of an option that is not known here
    sure = (word for word in bare if "://" in word or "{{" in word)
    command.url = command.url or next(sure, next(iter(bare), ""))
    return command


def _short(command: _Command, letters: str, rest: Iterator[str]) -> None:
    for at, letter in enumerate(letters):
        if letter in _WITH_VALUE:
            _option(command, letter, letters[at + 1 :] or next(rest, ""))
            return
        _option(command, letter, "")


def _option(command: _Command, name: str, value: str) -> None:
    name = _LONG.get(name, name)
    if name in _DATA:
        command.data.append(value)
        command.is_json |= name == "json"
    elif name in {"form", "form-string"}:
        key, _, text = value.partition("=")
        command.form.append((key, "" if text.startswith(("@", "<")) else text))
        command.is_multipart = True
    elif name in {"header", "user", "oauth2-bearer", "cookie"}:
        _header(command, name, value)
    elif name == "request" or (name == "head" and not command.method):
        command.method = value or "HEAD"
    elif name == "get":
        command.is_get = True
    elif name == "url":
        command.url = value


def _header(command: _Command, name: str, value: str) -> None:
    if name == "header":
        key, colon, text = value.partition(":")
        if colon:
            command.headers.append((key.strip(), text.strip()))
    elif name == "cookie":
        command.headers.append(("cookie", value))
    else:  # how somebody logs in counts, not as whom
        command.headers.append(("authorization", "Basic" if name == "user" else "Bearer"))


def _curled(command: _Command) -> Sample:
    if not command.url:
        raise NoRequestError("it names no address")
    url = command.url if "://" in command.url or command.url.startswith(("/", "{{")) else f"http://{command.url}"
    data = "&".join(one for one in command.data if not one.startswith("@"))
    if command.is_get:
        url, data = f"{url}{'&' if '?' in url else '?'}{data}" if data else url, ""
    has_body = bool(data or command.form or (command.data and not command.is_get))
    kind = next((text for name, text in command.headers if name.lower() == "content-type"), "")
    if not kind and has_body:
        kind = "multipart/form-data" if command.is_multipart else "application/json" if command.is_json else FORM
    method = command.method or ("POST" if has_body else "GET")
    return sample_of(method, url, command.headers, body=data, body_type=kind, form=command.form)
