"""Signs that an answer shows the inside of a program: stack traces, debug pages, database errors (CWE-209)."""

import re
from typing import Final

from apiward.scan.proofs import sql_probes

_PHP: Final = (
    r"(Fatal error|Warning|Notice|Parse error)(</b>)?: .{1,300} in (<b>)?/[^\n]{1,200} on line"
    r"|Stack trace:\s{0,4}(\\n)?#0 "
)
_PAGE: Final = (
    r"Werkzeug Debugger|You're seeing this error because you have <code>DEBUG = True"
    r"|Whoops, looks like something|laravel/ignition|<title>Action Controller: Exception caught"
)
_SIGNS: Final = (
    ("a Python stack trace", r"Traceback \(most recent call last\)|File \\?\"[^\"\n]{1,200}\.py\\?\", line \d+"),
    (
        "a Java stack trace",
        r"\bat [\w$]+(\.[\w$<>]+)+\([\w$]+\.(java|kt|scala|groovy):\d+\)|\bjava\.lang\.\w+Exception",
    ),
    (
        "a JavaScript stack trace",
        r"\bat [^\n\"]{0,120}\(?(file://)?(/|[A-Z]:\\{1,2})[^\n\":]{1,200}\.[cm]?[jt]s:\d+:\d+",
    ),
    ("a .NET stack trace", r"\bat [\w.<>`]+\([^)\n]{0,200}\) in [^\n]{1,200}:line \d+|\bSystem\.\w+Exception: "),
    ("a PHP error", _PHP),
    ("a Ruby stack trace", r"[\w./-]{1,200}\.rb:\d+:in [`'][^'\n]{1,100}'"),
    ("a Go stack trace", r"goroutine \d+ \[running\]|[\w./-]{1,200}\.go:\d+ \+0x[0-9a-f]+"),
    ("a debug page", _PAGE),
)
_COMPILED: Final = tuple((what, re.compile(pattern, re.IGNORECASE)) for what, pattern in _SIGNS)
MAX_READ: Final = 60_000


def inside_shown(text: str) -> str:
    """Return what of the program's inside a text shows ("a Python stack trace"), or an empty text."""
    read = text[:MAX_READ]
    for what, pattern in _COMPILED:
        if pattern.search(read):
            return what
    return "a database error" if sql_probes.speaks_of_database(read) else ""
