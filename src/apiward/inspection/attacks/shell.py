"""Command injection: something ends the argument, and what follows reads as a command of a shell.

Proves that text after a separator, in backticks or in `$()` calls a program or uses syntax that only shells have.
"""

import re
from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Gate, Rule, RuleSet
from apiward.inspection.shell.commands import ENGLISH, PLAIN, PROGRAMS, UNMISTAKABLE
from apiward.inspection.shell.signs import SHELL_SIGNS

_WORD_TAIL: Final = re.compile(r"(?:[\\'\"^]|\$[@*1-9]|\$\{?ifs\}?)+")
_PIECES: Final = re.compile(r"&&|[;|&`\n]|[$<]\(|\{(?=[a-z]+,)|%0a")
_HEAD: Final = re.compile(
    r"[\s({+\x00]*+(?>(?:[\w.~*?\[\]-]*+/(?>(?:[\w.?*\[\]-]++/)*)|[a-z]:\\(?>(?:[\w.~-]++\\)*)"
    r"|%\w++%\\?)?)([a-z][\w'\"\\^$@*{}-]*+|\?[\w?*]*+)(.{0,200})",
    re.DOTALL,
)
_ARGUMENTS: Final = re.compile(
    r"(?:\.exe|\.com|\.bat)?(?:[\s+]+|\$\{?ifs\}?(?:\$9)?|[,<>]|%20)*(?:-{1,2}[a-z0-9]|/[\w?*.~]|/(?:\s|$|[;|&`)])|aux\b|[\w./*-]+\s+/\w|\.{1,2}/|~/"
    r"|\"|'|\$|https?:|ftp:|\\\\|[a-z]:|\d{1,3}\.\d+\.|\d+(?:\.\d+)?\s*(?:$|[;|&`)])|\*|@\w"
    r"|\d{3,4}\s+[/.~]|[\w.+-]+\.[a-z]{2,10}\.?(?:\s*$|[\s;|&`)'\"/:])|>|<)"
)
_STRONG: Final = re.compile(
    r"(?:\.exe)?(?:[\s+]+|\$\{?ifs\}?(?:\$9)?|[,<>]|%20)*(?:-{1,2}[a-z0-9]|/[\w?*]{2,}[/?*.\w]|\.{1,2}/|~/|https?:|\$[\w({]|\\\\\w"
    r"|[a-z]:\\|%\w+%|[\w-]+\.(?:php|conf|txt|env|ini|log|json|ya?ml|sh|py|db|sql|key|pem|bak|xml|cfg)\b|\d{4,}\s*$|[/.\w]+\s*>|<\s*/)|[<>]\s?[/&\w]"
)
"""What follows the name of a program that is an English word too."""
_ENDS: Final = re.compile(r"(?:\.exe)?[\s)'\"}+]*(?:$|[;|&`#\n]|%0a)")

_CALLED: Final = frozenset({"cat", "echo", "ping", "set", "sleep", "start", "type"})
_ONE_WORD: Final = re.compile(r"\s+[\w.%$'\"/\\-]+\s*")

_SCRIPT: Final = re.compile(r"\.(?:sh|py|pl|rb|php|exe|bat|ps1|elf|out)\b")

_RULES: Final = RuleSet(
    Rule(
        "shell.function", 0.95, "a shell function is smuggled into the environment",
        r"\(\) ?\{ ?(?::|_|[^}]{0,40};) ?;? ?\}? ?[;>]",
    ),
    Rule(
        "shell.sum", 0.8, "a shell is asked to work out a sum",
        r"\$\(\(\s{0,4}[0-9]{1,12}\s{0,4}[*+/%-]{1,2}\s{0,4}[0-9]{1,12}\s{0,4}\)\)"
        r"|\bexpr +[0-9]+ +(?:\\?\*|'\*'|[+/-]) +[0-9]",
    ),
    Rule(
        "shell.spacing", 0.85, "shell variables stand where blanks would",
        r"\$\{?IFS\b|\$IFS\$9|\{(?:cat|ls|wget|curl|nc|ping|sh|bash|echo|id),[^}\s]+\}",
    ),
    Rule(
        "shell.device", 0.9, "a shell opens a network connection",
        r"/dev/(?:tcp|udp)/|\bnc(?:at)? (?:-\w+ )*-e\b|\bbash -i\b|\bmkfifo /",
    ),
    Rule(
        "shell.glob", 0.8, "a program's path is written with wildcards",
        r"/(?:[\w?*]*\?[\w?*]*)/(?:[\w?*]*\?[\w?*]*)|/b\?n/|/\?in/|/e\?c/|/et\*/",
    ),
    Rule(
        "shell.path", 0.6, "the path of a system program is given",
        r"(?:^|[\s;|&`('\"=>])/?(?:usr/)?(?:local/)?s?bin/[a-z][\w.-]*(?:$|[\s;|&`)'\"<>+])"
        r"|c:\\windows\\system32\\\w+",
    ),
    Rule(
        "shell.windows", 0.75, "a program of Windows is run",
        r"\bcmd(?:\.exe)?\s?/[ckr]\b|\bpowershell(?:\.exe)?\s+-\w+|%comspec%|\b(?:iex|invoke-expression) ?\(|[;&"
        r"|]\s*net\s+(?:user|localgroup|group|view|share|start|stop)\b|\bset /a \d|\b(?:ping|certutil|rundll32"
        r"|regsvr32|mshta|wscript|nslookup|bitsadmin|net|ipconfig|whoami)\.exe\b",
    ),
    Rule(
        "shell.command", 0.55, "the value is a command line",
        r"^[\s'\"&|;+]*(?:ping +-[a-z] *\d|(?:wget|curl) +(?:-\S+ +)*https?://\S+ *(?:$|[|;>&]|-[oO] )|(?:id|ls"
        r"|whoami|dir|pwd|uname|ps|w|ifconfig|ipconfig|netstat|hostname|env) *[;|&]+$|dir[ +]+c:"
        r"|nslookup +[\w.-]+$|ls +-[a-z]{1,4}$|(?:cat|type|more|less|head|tail|ls) +(?:-\S+ +)*(?:/|\.\./|c:\\)"
        r"|rm +-rf? +/"
        r"|chmod +[+0-7]\w* +/|nc +-\w+ +\S+ +\d|uname +-a|net +user\b)",
    ),
    Rule(
        "shell.quoted", 0.7, "quotes or escapes split the name of a program or file",
        r"(?:[;|&`\n]|\$\() *(?:[a-z]{1,6}(?:''|\"\"|\\)[a-z'\"\\]*[a-z]|[a-z]['\"][a-z]['\"][a-z]"
        r"|[a-z]+\$[@*1-9][a-z]+) |/et'c|/e''tc|/etc/pa['\"\\]|\\e\\t\\c",
    ),
    Rule(
        "shell.download", 0.85, "a program is fetched and run",
        r"\b(?:wget|curl)\b[^|;]{1,200}\| *(?:ba|z|k|da)?sh\b|base64 +(?:-d|--decode)\b.{0,20}\| *(?:ba)?sh\b",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    found = _RULES.search(view.low)
    if (found is not None and found.score >= 0.7) or not _GATE.opens(view.low):
        return found
    return _after_separator(view.low) or found


def _after_separator(low: str) -> Sighting | None:
    best: Sighting | None = None
    for match in _PIECES.finditer(low):
        seen = _command(match[0], low, match.end())
        if seen is not None and (best is None or seen.score > best.score):
            best = seen
            if best.score >= 0.8:
                break
    return best


def _command(separator: str, low: str, start: int) -> Sighting | None:
    match = _HEAD.match(low, start, start + 260)
    if match is None:
        return None
    word, rest = _WORD_TAIL.sub("", match[1]), match[2]
    path = low[start : match.start(1)].lstrip(" ({+\x00")
    if separator != "`" and path.startswith(("./", "../", "~/", "/")) and _SCRIPT.match(rest):
        return Sighting("shell.script", 0.75, "a separator is followed by the path of a script")
    if (word not in PROGRAMS and "bin/" not in path) or rest.startswith(("=", "[")):
        return None
    if separator == "`" and "`" not in rest:
        return None
    if separator in {"`", "$(", "<("} and (rest[:1] == " " or _ENDS.match(rest)):
        return Sighting("shell.substituted", 0.75 if separator != "`" else 0.6, "the output of a command is asked for")
    if (_STRONG if word in ENGLISH else _ARGUMENTS).match(rest):
        return Sighting("shell.argument", _score(separator, low), "a separator is followed by a command with arguments")
    if low[: start - len(separator)].strip(" ;|&") == "" and word in _CALLED and _ONE_WORD.fullmatch(rest):
        return Sighting("shell.only", 0.6, "the value is a separator, a command and its argument, and no more")
    if word in UNMISTAKABLE and rest[:1] == " " and separator not in {"&", "\n"}:
        return Sighting("shell.named", 0.6, "a separator is followed by the name of a program")
    return _alone(separator, word, low, path) if _ENDS.match(rest) else None


def _score(separator: str, low: str) -> float:
    """Return how sure a call is: lines of a long text and halves of `this & that` begin with any word."""
    return 0.6 if separator == "\n" and low.count("\n") > 3 else 0.65 if separator == "&" else 0.75


def _alone(separator: str, word: str, low: str, path: str) -> Sighting | None:
    """Judge a command without arguments: lists of words joined by separators are no commands."""
    if "bin/" in path or path.startswith(("/", "./", "../", "~/")):
        return Sighting("shell.program", 0.75, "a separator is followed by the path of a program")
    if word not in PLAIN or _is_list(low, separator):
        return None
    return Sighting("shell.alone", 0.6, "a separator is followed by a command")


def _is_list(low: str, separator: str) -> bool:
    """Return whether `low` is a list such as `sku;id;name`: three or more words, or words around spaced separators."""
    words = [piece.strip() for piece in low.split(separator)]
    named = [word for word in words if len(word) > 1 and word.replace("_", "").replace(" ", "").isalpha()]
    return len(named) >= 3 or (len(named) == len(words) > 1)


_GATE: Final = Gate(
    r"(?:[;|&`\n]|\$\(|<\(|\{|%0a)[\s({+\x00]*(?:(?:[\w.~*?\[\]-]*/|[a-z]:\\|%\w+%)[^\s]*|(?:"
    + "|".join(sorted(PROGRAMS))
    + r")\b|[a-z?][a-z?*]{0,8}(?:''|\"\"|\\[a-z]|\^|\$|['\"][a-z/]{1,8}['\"]|[?*])[^\s]*)"
)

DETECTOR: Final = Detector(AttackClass.SHELL, SHELL_SIGNS, _look)
