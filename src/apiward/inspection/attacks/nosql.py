"""NoSQL injection: query operators and server-side JavaScript in text; operators as names are judged by `members`."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

OPERATORS: Final = frozenset(
    """$eq $ne $gt $gte $lt $lte $in $nin $and $or $nor $not $exists $type $expr $regex $text $where $mod $all
    $elemmatch $size $options $function $accumulator $lookup $jsonschema $comment $set $unset $inc $push $pull $rename
    $match $project $group $out $merge $unionwith""".split()
)
"""Names that a document database reads as operators (lower case)."""

_SIGNS: Final = ("$", "db.", "this.", "mapreduce", "||", "&&", "return", "[$", "objectid", "sleep(")

_RULES: Final = RuleSet(
    Rule(
        "nosql.operator", 0.8, "a query operator of a document database",
        r"(?:^|[{,\[\s'\"])\$(?:eq|ne|gte?|lte?|n?in|and|n?or|not|exists|expr|regex|where|mod|elemmatch|function"
        r"|accumulator|lookup|jsonschema|unionwith)['\"]?\s?:"
        r"|\[\$(?:eq|ne|gte?|lte?|n?in|and|n?or|not|exists|expr|regex|where|mod|elemmatch|size|all)\]",
    ),
    Rule(
        "nosql.command", 0.85, "a command of a document database",
        r"\bdb\.(?:\w+\.)?(?:insert(?:one|many)?|find(?:one)?|remove|drop(?:database)?|update(?:one|many)?"
        r"|delete(?:one|many)|aggregate|mapreduce|eval|runcommand|admincommand|getcollectionnames|count|save"
        r"|createcollection|copydatabase|stats|collection|addUser|injection)\s?\(",
    ),
    Rule(
        "nosql.script", 0.8, "JavaScript that a document database would run for each document",
        r"\bthis\.\w+(?:\.|\s?\[)?(?:match|length|charat|substr|startswith|indexof)?\s?(?:\(|==|!="
        r"|[<>=]=?).{0,60}(?:\|\||&&|//|'|\")|['\"]\s?(?:\|\||&&)\s?this\.|['\"];?\s?return\s?(?:true|this|\(|!|1"
        r"|\d)|;\s?return\s(?:true|1|this)\b|\bfunction\s?\(\)\s?\{\s?return\b"
        r"|['\"]\s?(?:\|\||&&)\s?['\"]?\w*['\"]?\s?(?:==|!=|===|>|<)\s?['\"]?\w*|;\s?sleep\(\d{3,}\)"
        r"|\|\|\s?\d+\s?==\s?\d+|['\"]\s?(?:\|\||&&)\s?(?:sleep|true|1)\b",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.NOSQL, _SIGNS, _look)
