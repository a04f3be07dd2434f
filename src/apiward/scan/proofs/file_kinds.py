"""Files that are left on servers by mistake, each told by its content."""

import re
from collections.abc import Callable
from typing import Final

from apiward.core.jsonvalue import parse_json
from apiward.scan.proofs.open_places import Kind, kind

BEGINNING: Final = 4_096
LISTING: Final = "a list of all files in a folder"
"""What a server shows of itself, and some show on purpose."""
_LEAST_LINES: Final = 2
_ENV: Final = re.compile(r"(?:export )?[A-Za-z_][A-Za-z0-9_.]{0,100}\s?=.*")
_ENV_NAME: Final = re.compile(r"(?:export )?[A-Z][A-Z0-9_]{2,100}=")
_DATED: Final = re.compile(r"\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_TOLD: Final = re.compile(r"\b(?:error|warn|warning|info|debug|critical|notice)\b", re.IGNORECASE)
_LINK: Final = re.compile(r"<a href=\"[^?\"][^\"]{0,300}\">", re.IGNORECASE)


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: not is_page(text) and compiled.search(text) is not None


def _begins(*magic: str) -> Callable[[str], bool]:
    return lambda text: text.startswith(magic)


def is_page(text: str) -> bool:
    """Whether a text is a page for people."""
    return text.lstrip(" \t\r\nï»¿")[:15].lower().startswith(("<!doctype html", "<html"))


def _is_settings(text: str) -> bool:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) < _LEAST_LINES or is_page(text):
        return False
    named = [line for line in lines if _ENV.fullmatch(line)]
    return len(named) >= 0.8 * len(lines) and sum(bool(_ENV_NAME.match(line)) for line in named) >= _LEAST_LINES


def _is_log(text: str) -> bool:
    lines = [line for line in text.splitlines()[:50] if _DATED.match(line)]
    return not is_page(text) and sum(bool(_TOLD.search(line)) for line in lines) > _LEAST_LINES


def _is_listing(text: str) -> bool:
    is_titled = re.search(r"<title>\s{0,9}(?:Index of|Directory listing for|listing directory) /", text, re.IGNORECASE)
    return is_titled is not None and len(_LINK.findall(text)) >= _LEAST_LINES


def _is_archive(text: str) -> bool:
    return text.startswith(("PK\x03\x04", "\x1f\x8b\x08")) or text[257:262] == "ustar"


def _has_connections(text: str) -> bool:
    body = parse_json(text.encode("latin-1"))
    return isinstance(body, dict) and "ConnectionStrings" in body


FILES: Final[tuple[Kind, ...]] = (
    kind("the history of the source code", "/.git/HEAD", lambda t: bool(re.fullmatch(
        r"(?:ref: refs/[\w./-]{1,200}|[0-9a-f]{40}|[0-9a-f]{64})\s*", t))),
    kind("the history of the source code in Subversion", "/.svn/wc.db", _begins("SQLite format 3\0"),
         most_bytes=BEGINNING),
    kind("the settings of the program, with its secrets", "/.env /.env.production /.env.local /.env.bak", _is_settings),
    kind("a list of the files of a folder (.DS_Store)", "/.DS_Store", _begins("\0\0\0\1Bud1"), most_bytes=BEGINNING),
    kind("a copy of the database", "/backup.sql /dump.sql /database.sql /db.sql", _matches(
        r"(?m)^(?:CREATE TABLE |INSERT INTO |PRAGMA foreign_keys|COPY [\w.\"]{1,100} \("
        r"|-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin) )"), most_bytes=BEGINNING),
    kind("the database itself", "/db.sqlite3 /database.sqlite", _begins("SQLite format 3\0"), most_bytes=BEGINNING),
    kind("an archive of the website", "/backup.zip /backup.tar.gz /www.zip", _is_archive, most_bytes=BEGINNING),
    kind("a copy of a program file", "/wp-config.php.bak /config.php.bak /index.php~", _matches(
        r"<\?php\s[^$d]{0,9000}(?:\$\w|define\()")),
    kind("the settings of the web server", "/web.config", _matches(r"<configuration[\s>]")),
    kind("a list of passwords", "/.htpasswd", _matches(
        r"(?m)^[\w.@-]{1,64}:(?:\$apr1\$|\$2[aby]\$|\$[56]\$|\{SHA\}|[./0-9A-Za-z]{13}$)")),
    kind("the key to a store of packages", "/.npmrc", _matches(r"(?m)^\S{0,200}(?:_authToken|_auth|_password)\s?=")),
    kind("the keys of a cloud account", "/.aws/credentials", _matches(r"(?m)^aws_access_key_id\s?=")),
    kind("a private key", "/.ssh/id_rsa", _matches(r"-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----")),
    kind("how the servers are put together", "/docker-compose.yml", _matches(r"(?m)^services:\s*$")),
    kind("the settings of the program, with its connections", "/appsettings.json", _has_connections),
    kind("the settings of the program (Spring)", "/application.properties /application.yml", _matches(
        r"(?m)^spring(?:\.[\w.-]{1,100}\s?=|:\s*$)")),
    kind("a log of the program", "/storage/logs/laravel.log /error.log /debug.log", _is_log, most_bytes=BEGINNING),
    kind(LISTING, "/backup/ /uploads/ /files/ /static/ /", _is_listing),
)  # fmt: skip
"""The first that matches of a kind is told; what holds most stands first."""
