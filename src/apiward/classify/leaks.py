"""Signs that an answer shows the inside of a program: traces, debug pages, database errors, paths (CWE-209).

One list for the scanner, which reports them, and for the guard, which takes them out. Every pattern
starts at a rare fixed text and looks at a bounded number of characters, so that reading is linear.
"""

import re
from dataclasses import dataclass
from typing import Final

MAX_READ: Final = 60_000
"""Characters of an answer that are looked at."""
MAX_BEFORE: Final = 400
"""Characters before a sign that are looked at for what must stand there."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: any of `marks` (lower case) must stand in the text; then the pattern, after one of `before`."""

    what: str
    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    before: tuple[str, ...] = ()

    def found(self, text: str, lower: str) -> re.Match[str] | None:
        """Return the first match in `text`, whose lower-case form is `lower`."""
        if not any(mark in lower for mark in self.marks):
            return None
        for match in self.pattern.finditer(text):
            if not self.before or self._stands_after(lower, match.start()):
                return match
        return None

    def _stands_after(self, lower: str, start: int) -> bool:
        window = lower[max(0, start - MAX_BEFORE) : start]
        return any(word in window for word in self.before)


def _sign(what: str, marks: str, pattern: str, *before: str) -> Sign:
    return Sign(what, tuple(marks.split("|")), re.compile(pattern, re.IGNORECASE), before)


DJANGO_DEBUGS: Final = r"You(?:\u2019|&#x27;|&#39;|')re seeing this error because you have <code>DEBUG = True"
"""What Django's pages for errors, and for what is not there, say while debugging."""
_PAGES: Final = (
    rf"Werkzeug Debugger|{DJANGO_DEBUGS}|"
    r"Whoops, looks like something|laravel/ignition|<title>Action Controller: Exception caught|"
    r"Whitelabel Error Page|Symfony Exception|Server Error in '/|Django Version:</th>|Rails\.root: |<!-- Debug |"
    r"<h1>Grails Runtime Exception"
)
_JAVA: Final = (
    r"[\w$>]\([\w$]{1,100}\.(?:java|kt|scala|groovy):\d+\)|\bjava\.(?:lang|io|sql|util|net)\.[\w.]{1,80}(?:Exception|Error)\b"
    r"|\b(?:javax|jakarta|kotlin|org\.(?:springframework|hibernate|apache|postgresql))\.[\w.]{1,100}(?:Exception|Error)\b"
)
SIGNS: Final = (
    _sign(
        "a Python stack trace",
        r"traceback (most recent|.py",
        r"Traceback \(most recent call last\)|\.py\\?\", line \d+",
    ),
    _sign("a Java stack trace", ".java:|.kt:|.scala:|.groovy:|java|jakarta.|kotlin.|org.", _JAVA),
    _sign("a JavaScript stack trace", "js:|ts:", r"[/\\][^\s\":/\\]{1,100}\.[cm]?[jt]s:\d+:\d+", "at "),
    _sign("a JavaScript stack trace", "node:internal", r"\(node:internal/[\w/]{1,100}:\d+:\d+\)"),
    _sign("a .NET stack trace", ":line ", r":line \d+", ".cs", ".vb", ".fs"),
    _sign("a .NET stack trace", "system.", r"\bSystem\.[\w.]{0,80}Exception: "),
    _sign(
        "a PHP error",
        "on line",
        r" on line (?:<b>)?\d+",
        "fatal error",
        "warning</b>:",
        "warning: ",
        "notice</b>:",
        "notice: ",
        "parse error",
        "deprecated</b>:",
    ),
    _sign("a PHP error", "stack trace:", r"Stack trace:\s{0,4}(?:\\n)?#0 "),
    _sign("a Ruby stack trace", ".rb:", r"\.rb:\d+:in [`'][^'\n]{1,100}'"),
    _sign("a Go stack trace", "goroutine |.go:", r"goroutine \d+ \[running\]|\.go:\d+ \+0x[0-9a-f]+"),
    _sign(
        "a debug page",
        "werkzeug|debug|whoops|ignition|action controller|whitelabel|symfony|server error in|django|rails.root|grails",
        _PAGES,
    ),
)
"""What shows the inside of a program wherever it stands."""

# Complaints about a command's grammar. Complaints about a value's type are left out: sound programs cause them, too.
_GRAMMAR: Final = re.compile(
    r"(?<!fts5: )near \\?[\"'].{0,80}?: syntax error|unrecognized token: |unterminated quoted (?:string|identifier)"
    r"|syntax error at (?:or near(?!.{0,80}jsonpath)|end of input)"
    r"|You have an error in your SQL syntax|Unclosed quotation mark"
    r"|check the manual that corresponds to your (?:MySQL|MariaDB)|Incorrect syntax near '"
    r"|ORA-0(?:0907|0911|0933|0936|1756)"
    r"|quoted string not properly terminated|SQL command not properly ended|BadSqlGrammarException|QuerySyntaxException"
    r"|SQLSyntaxErrorException|PG::SyntaxError|ER_PARSE_ERROR|SQLSTATE\[42(?:000|601)\]|Dynamic SQL Error",
    re.IGNORECASE,
)
# Names of errors that have other causes as well: they speak only where a second quote takes them away.
_DATABASE: Final = re.compile(
    r"sqlite3?\.\w{0,40}Error|SQLITE_ERROR|psycopg2?\.errors|sqlalchemy\.exc|sequelize\w{0,40}error|PDOException"
    r"|SQLSTATE\[|JdbcSQL\w{0,60}Exception|could not execute (?:query|statement)|Microsoft OLE DB"
    r"|ODBC SQL Server Driver|CLI Driver",
    re.IGNORECASE,
)
# What a database says of its own tables: no command was broken, and yet names of tables and columns are told.
_TABLES: Final = re.compile(
    r"(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed\b"
    r"|violates (?:unique|foreign key|not-null|check) constraint"
    r"|no such (?:table|column): [a-z_]{3}|relation \\?\"[^\"\n]{1,80}\" does not exist"
    r"|column \\?\"?[\w.]{1,80}\\?\"? does not exist"
    r"|Unknown column '|Table '[\w.-]{1,80}' doesn't exist|Duplicate entry '[^'\n]{0,200}' for key|E11000 duplicate key"
    r"|ORA-\d{5}: |MongoServerError|MongoError:|WRONGTYPE Operation against a key",
    re.IGNORECASE,
)
_DATABASE_MARKS: Final = (
    "near |token: |unterminated|syntax|quotation mark|manual that corresponds|ora-|quoted string|sql|sequelize|psycopg|"
    "pdoexception|could not execute|ole db|cli driver|constraint|no such |does not exist|unknown column|doesn't exist|"
    "duplicate |mongo|wrongtype|er_parse_error|pg::"
).split("|")
_PATHS: Final = re.compile(
    r"(?<![\w./:-])/(?:home/[\w.-]{1,64}|root|var/(?:www|lib|task|log)|usr/(?:src|lib|local|share)|Users/[\w.-]{1,64})"
    r"/[\w./@+-]{3,200}"
    # Addresses of pages begin like that as well: here only a file counts.
    r"|(?<![\w./:-])/(?:opt|srv|app|code|workspace|etc|tmp)/[\w./@+-]{1,200}\.(?:py|[cm]?[jt]sx?|rb|php|java|go|cs|jar|conf|"
    r"cfg|ini|ya?ml|env|log|sql|db|sqlite3?|pem|key|sock)\b"
    r"|\b[A-Z]:\\{1,2}(?:Users|inetpub|Program Files|Windows|www|xampp|projects|app)\\{1,2}[^\s\"'<>|]{3,200}"
    r"|[\w.-]{1,64}/(?:site-packages|dist-packages|node_modules)/[\w./@+-]{3,200}"
)
_PATH_MARKS: Final = (
    "/home/|/root/|/var/|/usr/|/opt/|/srv/|/app/|/code/|/workspace/|/etc/|/tmp/|/users/|:\\|-packages/|node_modules/"
).split("|")

PRODUCT_HEADERS: Final = frozenset(
    """x-powered-by x-aspnet-version x-aspnetmvc-version x-generator x-drupal-cache x-php-version x-owa-version
    x-jenkins liferay-portal x-runtime-version""".split()
)
"""Headers that are there to name a program, in lower case."""
TELLING_HEADERS: Final = PRODUCT_HEADERS | frozenset(
    """x-drupal-dynamic-cache x-runtime x-debug-token x-debug-token-link x-powered-cms x-pingback x-sourcemap sourcemap
    x-backend-server x-server x-served-by x-app-server x-hostname x-node x-litespeed-cache x-turbo-charged-by
    x-nextjs-cache x-rack-cache x-envoy-upstream-service-time x-mod-pagespeed x-page-speed x-clockwork-id
    x-clockwork-version x-debugbar-id phpdebugbar-id x-symfony-cache x-cf-powered-by x-framework x-version-info
    x-redirect-by""".split()
)
"""Those and others that give away programs, machines or debugging aids. `Server` is told of apart."""
PRODUCT_VERSION: Final = re.compile(r"[A-Za-z][\w.+-]{0,80}/v?\d+[\w.+-]{0,40}|\b\d+\.\d+\.\d+\b")
"""A product with its version, as in the `Server` header."""


def inside_shown(text: str) -> str:
    """Return what of the program's inside a text shows ("a Python stack trace"), or an empty text."""
    return seen_inside(text)[0]


def seen_inside(text: str) -> tuple[str, str]:
    """Return what of the program's inside a text shows, and the piece that shows it; empty texts for nothing."""
    read = text[:MAX_READ]
    lower = read.lower()
    for sign in SIGNS:
        match = sign.found(read, lower) if len(lower) == len(read) else sign.pattern.search(read)
        if match:
            return sign.what, match[0]
    if any(mark in lower for mark in _DATABASE_MARKS):
        match = _GRAMMAR.search(read) or _DATABASE.search(read) or _TABLES.search(read)
        if match:
            return "a database error", match[0]
    return "", ""


def complaint(text: str) -> str:
    """Return the database's complaint about a command's grammar in `text`, or an empty text."""
    found = _GRAMMAR.search(text[:MAX_READ])
    return found.group(0)[:80] if found else ""


def speaks_of_database(text: str) -> bool:
    """Whether `text` holds any error of a database or of a library that speaks to one."""
    return bool(complaint(text) or _DATABASE.search(text[:MAX_READ]))


def path_shown(text: str) -> str:
    """Return a path of the server's own file system that stands in `text`, or an empty text."""
    read = text[:MAX_READ]
    lower = read.lower()
    if not any(mark in lower for mark in _PATH_MARKS):
        return ""
    found = _PATHS.search(read)
    return found[0] if found else ""
