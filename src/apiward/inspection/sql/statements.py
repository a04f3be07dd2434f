"""Texts in which SQL is worth reading, and statements whose words give them away."""

import re
from typing import Final

from apiward.inspection.patterns import Gate, Rule, RuleSet
from apiward.inspection.sql.words import ACTING

_WORDS: Final = (
    "and|or|xor|union|intersect|except|select|having|order|group|where|like|rlike|regexp|glob|limit|is|in|between|not"
    "|procedure|into|as|exec|execute|declare|insert|update|delete|drop|begin|if|end|goto|div|mod|sounds|waitfor|for|create"
    "|alter|truncate|shutdown|call|replace"
)
GATE: Final = Gate(
    rf"['\"`\\][\s)+]*(?:[-+*/%|&^=<>!~;#({{]|,\s*[\d(@'\"]|,\s*null|(?:{_WORDS})\b|\x00)|'''\s*$",
    r"\bunion\W+(?:all\W+|distinct\W+)?(?:select|values|\()|union ?\(|[\d)'\"]union\b|['\"`]\W*\bunion\b"
    r"|\bunion[^a-z]*$",
    r"select[\s\x00+]*(?:(?:distinct|all|top \d+)\b)?[\s\x00+]*(?:[\d'\"@*(`$~!-]|null\b|case\b"
    r"|\w[\w$.]*\s*[,(@]|\w[\w$.]*[\s\x00+]+(?:as \w+ )?from\b|/\*)|[;('\"\d)]\s*select\b"
    r"|select\b.*\b(?:table_name|column_name)\b",
    r"having[\s+]*(?:[\d('\"!]|\w+\s*[=<>(])|where[\s+]*[\d('\"]",
    r"(?:\b(?:and|or|xor|where)\b|&&|\|\|)[\s\x0b(!~+-]*(?:not\b\s*)*(?:\d|['\"@]|[\w.]+\s*\("
    r"|[\w`.]+\s*[=<>!^]|[\w`.]+\s+is\s+(?:not\s+)?null|[\w.]+\s+(?:in\s*\(|like\s*['\"]|between\s+\d)|true|false|null)",
    r"\b(?:order|group)[\s+]+by\b|\blimit[\s+]+\d|/\*|[)\w'\"*]\s*(?:--|#)[\s+-]*$|[)\w]\s*(?:--|#).*\n",
    r"\b(?:" + "|".join(re.escape(word) for word in sorted(ACTING)) + r")\s*\(|\bwaitfor\b|\bdeclare\s+@|\bexec\b",
    r"[;'\")]\s*(?:insert|update|delete|drop|create|alter|truncate|shutdown|exec|execute|call|grant|begin|copy"
    r"|use|set|if|merge)\b",
    r"\b(?:hex|ascii|substr|substring|length|compress|conv|concat|iif|if|mid|make_set|elt|cast|char|chr)\s*\("
    r"|\b(?:version|database|user|schema|current_user)\(|@@\w|\bcase\s.{0,40}when\b|\bunion\s*(?:all\s*)?(?:--|#|/\*|values)",
    r"\binsert[\s+]+(?:ignore[\s+]+)?into\b|\bupdate[\s+]+\S+[\s+]+set\b|\bdelete[\s+]+from\b|\b(?:drop|alter"
    r"|create|truncate)[\s+]+(?:or[\s+]+replace[\s+]+)?(?:table|database|schema|view|user|login|function"
    r"|procedure|trigger|index|role)\b",
)

_NAME: Final = r"[\w.`\[\]\"]+"
_THINGS: Final = r"(?:table|database|schema|view|user|login|function|procedure|trigger|index|role)"
_AFTER: Final = r"(?:[;'\")\d]|\b(?:end|begin|then|else|do|try|label:?|goto \w+)\b) ?"
"""What a second statement stands behind."""
_CLOSED: Final = r"[;'\")] ?"
"""The same for statements that begin like an English sentence."""
_CUT: Final = r" ?(?:[;,#]|--|$)"

STATEMENTS: Final = RuleSet(
    Rule(
        "sql.statement", 0.85, "a second statement that writes or runs something follows",
        # These are patterns to look for, no queries to run.
        rf"{_AFTER}(?:insert (?:ignore )?into {_NAME} ?(?:\(|values|select)|update {_NAME} set {_NAME} ?="  # noqa: S608 - a pattern to look for, no query
        rf"|delete from {_NAME} ?(?:where|;|--|#|$)|load data (?:local )?infile|handler [\w.]+ open"
        rf"|(?:drop|truncate) {_THINGS} (?:if exists )?{_NAME}(?:{_CUT}| cascade)"
        rf"|create (?:or replace )?{_THINGS} (?:if not exists )?{_NAME} ?(?:\(|as |returns |identified |with password)"
        rf"|alter {_THINGS} {_NAME} (?:set|add|drop|modify|rename|with|identified) )",
    ),
    Rule(
        "sql.closed-statement", 0.85, "a quote or semicolon ends the query and another begins",
        rf"{_CLOSED}(?:(?:truncate|drop) {_NAME} ?(?:; ?)?(?:--|#)|truncate {_NAME} ?;"
        r"|grant (?:all|select|insert|update|delete|execute|dba)\b[\w, ]*(?:on|to) "
        rf"|copy [\w.(), ]+ (?:from|to) (?:program|')|shutdown ?(?:;|--|with no)|shutdown$|call [\w.]+\("
        r"|set @?\w+ ?:?= ?(?:0x|\(|'|cast|@)|merge into \w+ using|begin [\w.]+ ?\()",
    ),
    Rule(
        "sql.whole-statement", 0.75, "the value is a statement that writes or runs something",
        rf"^(?:insert (?:ignore )?into {_NAME} ?(?:\([\w, ]+\) ?values|values ?\(|select)"  # noqa: S608 - a pattern to look for, no query
        rf"|update {_NAME} set {_NAME} ?=.* where |delete from {_NAME} ?(?:where {_NAME} ?[=<>]|;|--)"
        rf"|drop (?:table|database|view) (?:if exists )?{_NAME} ?(?:;|--)|load data (?:local )?infile"
        rf"|create table {_NAME} ?\(\w+ (?:int|varchar|text|char)|create user \w+ identified)",
    ),
    Rule(
        "sql.batch", 0.9, "commands of a database server are run",
        r"\bwaitfor (?:delay|time) ?\(?n?['\"]|\bdeclare @\w+ (?:as )?\w+|\bexec(?:ute)? ?\(? ?@\w"
        r"|\bexec(?:ute)? (?:as login|immediate)"
        r"|\bexec(?:ute)? (?:master|msdb|xp_|sp_)[\w.]*|\bexec(?:ute)? ?\( ?n?['\"]|\bxp_(?:cmdshell|dirtree"
        r"|fileexist|regread)\b"
        r"|\bsp_(?:executesql|oacreate|oamethod|makewebtask|configure)\b|\bcast ?\( ?0x[0-9a-f]{16,}"
        r"|\bin boolean mode ?\)|\bset @\w+ ?= ?(?:cast|convert|0x|')"
        r"|\bdbms_(?:pipe|lock|ldap|utility|xmlgen|java|scheduler|session)\.|\b(?:select|print) @@\w+"
        r"|; ?exec(?:ute)? [\w.]+ ?(?:$|;|--|'|@)|; ?set @\w+ ?=|; ?if ?\(?\d+ ?[=<>]"
        r"|; ?(?:kill \d|use \w+ ?;)"
        r"|\butl_(?:http|inaddr|file|smtp|tcp)\."
        r"|\b(?:ascii|ord|unicode|hex) ?\( ?(?:substr|substring|mid|left|right) ?\( ?[\w(]",
    ),
    Rule(
        "sql.file", 0.9, "a query writes or reads files of the server",
        r"\binto (?:outfile|dumpfile) ?['\"0]|\bload_file ?\( ?['\"0(c]|\bprocedure analyse ?\("
        r"|\bfileto[cb]lob ?\(|\bfrom ?pg_read_file",
    ),
    Rule(
        "sql.asked", 0.6, "functions that ask a database about itself are nested",
        r"\b(?:ascii|hex|substr|substring|mid|length|compress|uncompress|conv|concat|concat_ws|bin|ord|lower|upper"
        r"|md5|char|left|unhex|if|ifnull)"
        r" ?\( ?(?:\w+ ?\( ?){0,4}\(?(?:select )?(?:(?:version|database|user|current_user|system_user|session_user"
        r"|schema)\(\)|@@\w+|load_file ?\()",
    ),
    Rule(
        "sql.asking", 0.55, "a function or variable by which a database tells about itself",
        r"^(?:version|database|user|current_user|system_user|schema)\(\) ?(?:$|[=<>|,)]|like|--|#)"
        r"|@@(?:version|datadir|hostname|basedir|global|servername|port)\b"
        r"|^-?\d+\s+(?:or|and|xor)\s+(?:not |!|~|-)*(?:true|false|null|0x[0-9a-f]+|@@?\w+)\b"
        r"|^-?\d+\s+(?:or|and|xor)\s+[\w.]+\s?(?:=|<>|!=|>|<)\s?[\w.]+\s?(?:--|#)"
        r"|\bcase (?:\w+ )?when .{1,60} then .{1,60} end\b",
    ),
    Rule(
        "sql.spelled", 0.6, "text is spelled out with character codes",
        r"\bcha?r ?\( ?\d+ ?\) ?(?:\|\||\+|&) ?cha?r ?\( ?\d+ ?\)|\bconcat ?\( ?0x[0-9a-f]+|\bcha?r ?\( ?\d+ ?, ?\d+",
    ),
    Rule(
        "sql.hinted", 0.85, "words of a query hide in comments",
        r"/\*!\d* ?\w* ?(?:union|select|concat|from|where|and|or|all|table_name|information_schema)\b",
    ),
    Rule(
        "sql.names", 0.6, "a query on the names of a database's tables",
        r"\bselect\b.{0,80}\b(?:table_name|column_name)\b",
    ),
)  # fmt: skip
COMMENTED: Final = RuleSet(
    Rule(
        "sql.commented", 0.8, "comments stand where a query needs blanks",
        r"(?:[\w'\")])/\*[^*]{0,40}\*/\s*(?:union|select|all|and|or|order|from|where|having|like|xor|sleep)\b"
        r"|\b(?:union|select|and|or|from|where|all|order)/\*[^*]{0,40}\*/",
    ),
)  # fmt: skip
