"""Path traversal and file inclusion: the value climbs out of its folder, or names a file no client should ask for."""

import re
from typing import Final

from apiward.inspection.model import AttackClass, Detector, Profile, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "..", "/etc", "etcpasswd", "/proc/", "/var/log", "c:", "d:", "\\\\", "file:", "php:", "zip:", "phar:",
    "expect:", "data:", "web-inf", "boot.ini", "win.ini",
    "passwd", "/.", "/./", ".env", ".git/", ".ssh", ".htaccess", "id_rsa", "%00", "\x00", "{file}", "system32",
    "/root/", "glob:", "////", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "wp-config", "web.config", "global.asa", "httpd.conf", "nginx.conf", "apache2.conf", "my.cnf", "php.ini",
    "%systemroot", "%windir", "%appdata", "_history", "authorized_keys", "/secrets/", ".txt?", ".php?", ".php5?",
    ".jsp?", ".asp?", ".aws/", "//..", "netdoc:", "jar:", "/dev/", "::$data", "ntuser",
)  # fmt: skip
_STEP: Final = re.compile(r"(?:(?<=[/\\=:;?&,|\s'\"])|^)\.{2,}(?:;[\w=]*)?[/\\]+")

_STRICT_STEP: Final = re.compile(r"(?:(?<=[/\\=])|^)\.\.[/\\]")
"""In an address of the web, three dots are what people write for "and so on"."""

_RULES: Final = RuleSet(
    Rule(
        "path.file", 0.9, "a file of the system is named",
        r"(?:^|[/\\:.=\s'\"(\x00])etc[/\\.]+(?:\.?[/\\])*(?:passwd|shadow|group|hosts|issue|sudoers|crontab|fstab"
        r"|mysql|apache2|nginx|ssh|php|httpd|kubernetes|ssl|cron\.\w+|init\.d|resolv\.conf)\b"
        r"|/proc/(?:self|\d+|version|cpuinfo|net)|/var/log/\w|/root/\.|/\.ssh/|/\.aws/credentials|\bid_rsa\b"
        r"|/var/run/secrets/|[/\\](?:httpd|nginx|apache2|my|php)\.(?:conf|cnf|ini)(?:$|[\x00?])|%(?:systemroot"
        r"|windir|systemdrive|programfiles|appdata)%[\\/]|\.bash_history\b|authorized_keys\b|/windows/(?:system32"
        r"|win\.ini|repair|panther)"
        r"|\\windows\\(?:system32|win\.ini|repair)|c:[/\\]+(?:boot\.ini|windows|winnt|inetpub"
        r"|users[/\\]+\w+[/\\]+(?:ntuser|appdata|\.ssh))",
    ),
    Rule(
        "path.file-bare", 0.7, "the name of a file that servers keep for themselves",
        r"\.{2,}(?:[/\\]*)?etc[/\\]?passwd|(?:^|[/\\.])web-inf[/\\]?(?:web\.xml|classes)|^c:[/\\]?\x08?b?oot\.ini"
        r"|^(?:[/\\.]|c:)*(?:boot|win)\.ini$|(?:^|[/\\])\.(?:env|htpasswd|htaccess|git/(?:config|head)|svn/entries"
        r"|ds_store)(?:$|[?\x00])"
        r"|(?:^|[/\\])wp-config\.php|(?:^|[/\\])(?:web\.config|global\.asa)$|ntuser\.dat|^file:[/\\.]*etc"
        r"|meta-inf[/\\]",
    ),
    Rule(
        "path.wrapper", 0.9, "a stream wrapper of PHP or Java is used",
        r"\b(?:php://(?:filter|input|memory|temp|fd)|(?:zip|phar|rar|ogg|glob|compress\.zlib|compress\.bzip2"
        r"|expect|ssh2(?:\.\w+)?)://|netdoc:/|jar:(?:file|https?):|data:(?://)?text/(?:plain|html|x-php)[;,])",
    ),
    Rule(
        "path.file-scheme", 0.75, "a file of the server is addressed",
        r"^['\"\s]*file:[/\\]{1,3}\.?\w|\bfile://(?:localhost)?/(?:etc|proc|var|c:|home|root|windows)|file:/etc"
        r"|^file:[/\\.]*\.\.",
    ),
    Rule(
        "path.share", 0.75, "a hidden share of a Windows machine is addressed",
        r"\\\\[\w.:\[\]-]+\\(?:[a-z]\$|ipc\$|admin\$)|::\$data|^\\\\(?:\.|\?)\\",
    ),
    Rule("path.matrix", 0.75, "steps upwards are hidden behind a semicolon", r"(?:^|[/\\])\.\.;[/\\]"),
    Rule(
        "path.null", 0.85, "a null byte hides the ending of a file name",
        r"[\w/\\]\x00\.?(?:jpe?g|png|gif|html?|php|txt|pdf|json|css|js)?$|\.(?:php|asp|jsp|ini|conf|passwd)\x00",
    ),
    Rule(
        "path.dots", 0.65, "long runs of dots stand where folders would",
        r"(?:^|[/\\:])\.{4,}[^\s./\\]|^\.{8,}\w|(?:^|[/\\])\.{3,}[/\\]+\.{3,}|\.{12,}[/\\]\w",
    ),
    Rule(
        "path.still", 0.55, "steps that lead nowhere are repeated to slip past a filter",
        r"(?:[/\\]\.){3,}(?:[/\\]|$)|(?:^|/)\.//+\.|(?:/\./+){2,}|^/\./\.[^/]|^/{3,}[^/\s]|(?:\./){8,}",
    ),
    Rule(
        "path.padding", 0.6, "a path is padded until the rest is cut off",
        r"^[/.]+(?:a{100,}|b{100,}|x{100,}|(?:\./){40,}|(?:/\.){40,})",
    ),
    Rule("path.placeholder", 0.55, "dots of a path run into a placeholder", r"(?:^|[/\\])\.+\{\w+\}"),
    Rule(
        "path.remote", 0.55, "a program elsewhere is named as the file to include",
        r"^(?:https?|ftp)://[^\s?#]+\.(?:txt|php\d?|phtml|jsp|asp|inc)\?+(?:\x00)?$",
    ),
    Rule(
        "path.device", 0.6, "a device file is named",
        r"(?:^|[\s=<>])/dev/(?:random|zero|stdin|fd/\d|mem|sd[a-z])\b",
    ),
)  # fmt: skip
_BEGINNING: Final = re.compile(r"[=:;,?&]")
_ASSETS: Final = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".css", ".js", ".ico", ".woff2", ".mp4", ".html")


def _look(view: View) -> Sighting | None:
    low = view.low
    found = _RULES.search(low)
    if found is not None and found.rule == "path.dots" and "://" in low:
        found = None
    if found is not None and found.rule == "path.file" and low.count(" ") > 2 and ".." not in low:
        return Sighting(found.rule, 0.6, found.why)
    if found is not None and found.score >= 0.7:
        return found
    if ".." in low:
        climbed = _climbing(view)
        if climbed is not None and (found is None or climbed.score > found.score):
            return climbed
    return found


def _climbing(view: View) -> Sighting | None:
    """Judge `../` steps: a path that climbs above where it began, or that climbs at all more than once."""
    pattern = _STEP if "://" not in view.low else _STRICT_STEP
    steps = len(pattern.findall(view.low, 0, 2_000))
    if not steps:
        return None
    if steps == 1 and (view.profile is Profile.PROSE or not _leaves(view.low)):
        return None
    if view.low.count(" ") > 2:
        return Sighting("path.climb", 0.75 if steps > 3 else 0.6, "a path in a text climbs out of its folder")
    score = 0.85 if steps > 2 else 0.75 if steps == 2 else 0.55
    return Sighting("path.climb", score, "the path climbs out of the folder it begins in")


def _leaves(low: str) -> bool:
    """Return whether the text is one path and nothing else, whose one step climbs above where it begins."""
    before = _BEGINNING.split(low.partition("..")[0])[-1]
    is_path = not any(blank in low for blank in " \n\t") and not any(map(str.isalnum, before))
    return is_path and not low.endswith(_ASSETS)


DETECTOR: Final = Detector(AttackClass.PATH, _SIGNS, _look)
