"""Which folded shapes attack: in the open (after a number), and after a quote has closed the string it stood in."""

import re
from dataclasses import dataclass
from typing import Final

from apiward.inspection.model import Sighting


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """One pattern over folded kinds. Scores: in the open or after a single quote, and after a double quote."""

    rule: str
    score: float
    double: float
    why: str
    pattern: re.Pattern[str]


def _rule(rule: str, score: float, double: float, why: str, pattern: str) -> ShapeRule:
    for name, letters in _SETS.items():
        pattern = pattern.replace(name, letters)
    return ShapeRule(rule, score, double, why, re.compile(pattern))


_SETS: Final = {
    "CONST": "[nsvkKQzrS]",
    "ANY": "[nsvwkKQzrS]",
    "OPEN": "[(!a{]*",
    "SHUT": "[)}]*",
}

QUOTED: Final = (
    _rule(
        "sql.quoted.condition", 0.9, 0.9, "a quote closes the string and a condition of constants follows",
        r"^sSHUT(?:lOPENANYSHUT)*lOPENCONST!?o{1,2}OPENANY",
    ),
    _rule(
        "sql.quoted.filter", 0.8, 0.7, "a quote closes the string and a condition on a column follows",
        r"^sSHUTlOPENwoOPENANYSHUT(?:[loa;]|C|$)",
    ),
    _rule(
        "sql.quoted.call", 0.85, 0.85, "a quote closes the string and a query or function call is joined on",
        r"^sSHUT[loa]OPEN[KQE]|^sSHUTlOPEN[kz]|^sSHUT,.*[KQE]",
    ),
    _rule(
        "sql.quoted.values", 0.75, 0.7, "a quote closes the string, values follow and a comment cuts the rest off",
        r"^sSHUT(?:,OPENANY(?:oOPENANY)?SHUT)+C$"),
    _rule(
        "sql.quoted.match", 0.6, 0, "two quotes with a comparison between them make a condition",
        r"^sSHUTo{2,3}OPENS$"),
    _rule(
        "sql.quoted.cut", 0.85, 0.7, "a quote closes the string, a condition follows and a comment cuts the rest off",
        r"^sSHUT[lo]OPENANYSHUTC$|^sSHUT(?=[^C]*[klo])(?:[loa]OPENANYSHUT)+C$",
    ),
    _rule(
        "sql.quoted.union", 0.9, 0.85, "a quote closes the string and a second query is joined on",
        r"^s.{0,40}U!*(?:OPENQ|[({]*E(?!w{2}))|^sSHUTU[({]*E?$",
    ),
    _rule(
        "sql.quoted.statement", 0.85, 0.8, "a quote closes the string and a query follows",
        r"^sSHUT(?:.{0,20};)?OPENE[!a]*(?:[nvkKQzf(]|[ws][,M;])|^sSHUT;.{0,60}[KQ]",
    ),
    _rule(
        "sql.quoted.clause", 0.8, 0.7, "a quote closes the string and the clause of a query follows",
        r"^sSHUT(?:Aw)?(?:R|H)OPENANYo|^sSHUTG[({]*[nw]SHUT(?:,[nw])*(?:C|$|[loaU;LH])|^sSHUTlOPENANYSHUT[GHL]"
        r"|^sSHUTLn(?:,n|Ln)?(?:C|;|U)|^sSHUT(?:Aw)?RANY?[KQ]|^sSHUT(?:HOPENCONST|I[vs])",
    ),
    _rule(
        "sql.quoted.expression", 0.65, 0.6, "a quote closes the string and an expression runs into the next quote",
        r"^sSHUT(?=[nsvwkKQzrloa(){}!]*[lo])(?:[loa]OPEN[nsvwkKQzr]SHUT)+[loa]OPEN(?:S|n?C)$",
    ),
)  # fmt: skip

BARE: Final = (
    _rule(
        "sql.condition", 0.85, 0, "a condition of constants is joined on",
        r"ANYSHUTlOPENCONST!?o{1,2}OPEN[nsvkKQzr]|^[nv]SHUTlOPEN[nsv]!?oOPENS$|^sSHUTlOPEN[nsv]oOPENS$|^lOPEN[nvkKQz]oOPENCONST|^lOPEN[kK]",
    ),
    _rule(
        "sql.call", 0.9, 0, "a query or a function that acts is joined on",
        r"ANYSHUT[lo]OPEN[KQ]|[nvskz)}]a[(!{]*[KQ]|[nv)}][,;]OPEN[KQ]|wK$",
    ),
    _rule(
        "sql.closed-condition", 0.75, 0, "a bracket that was never opened closes and a condition is joined on",
        r"\)lOPENANYoOPENANY|\)lOPEN[nz]SHUTC$|\)lOPENz"),
    _rule(
        "sql.known-call", 0.7, 0, "a call of a database function is joined on to a number",
        r"^[(!a{]*[nvz]SHUTlOPENk",
    ),
    _rule(
        "sql.union", 0.9, 0, "a second query is joined on",
        r"[nsv)}C;]UOPENE[wS]$|UOPENQ|U!*Y|^[nw]SHUT\)Q|UOPENE(?:OPEN[nsvkKQzrf(]|[wS][,MC;)}]|$|OPENw(?:w?M|A))",
    ),
    _rule(
        "sql.clause", 0.8, 0, "the clause of a query with constants is joined on",
        r"[RH]OPEN[nsvkKQz]oOPENCONST|H[zkK]|(?:^|[nv)}])H[nv]SHUT(?:U|C|$)|GOPEN[nwkQ]SHUT(?:,[nw])*H|[nsvz)}]R[nsvkz]o|HOPENnU",
    ),
    _rule(
        "sql.ordering", 0.6, 0, "an order of columns is joined on",
        r"^[(!a{]*[nvz]SHUTG[({]*[nkQ]SHUT(?:,n)*w?(?:C|$)|^nLn(?:,n|Ln)SHUT(?:C|$)|[)}]GnC?$|^wGn(?:,n)*C$",
    ),
    _rule(
        "sql.filter", 0.6, 0, "a condition on a column is joined on to a number",
        r"^[(!a{]*[nv]SHUTlOPENwoOPENCONST|^nlOPENz",
    ),
    _rule("sql.subquery", 0.7, 0, "the value is a query in brackets", r"^[(!a{]*Q|[;n]OPENQSHUT(?:Aw|$)"),
    _rule(
        "sql.query", 0.75, 0, "the value is a query with constants, calls or several columns",
        r"^[(!a{]*E(?=[^;CEM]{0,60}[nvkKzrsfF,(])(?:(?!ww)[^;CEM]){1,60}MSHUTw(?:[CRGL,;U){}HA]|$)"
        r"|^[(!a{]*EOPEN[vkK]|"
        r"^[({]+EOPENANYMw|[;)}]E(?:[vkKQz]|n[,C;]|n$)",
    ),
    _rule(
        "sql.query-limited", 0.75, 0, "the value is a query of one column with a condition or limit",
        r"^[(!a{]*EwMw(?:RANYoANY|Ln|UOPENE|C)",
    ),
    _rule(
        "sql.action", 0.6, 0, "the value calls a function that waits, reads files or asks for an error",
        r"^[(!a{]*K|[KQ]C$",
    ),
    _rule(
        "sql.cut", 0.55, 0, "an expression ends in a comment that cuts the rest off",
        r"^[({]*(?=[nsvwkKQzral!(){},o]*[kKQz])[nsvwkKQzrao!l(){}]+C$|^[({]*[ns]oOPEN[ns]SHUTC$",
    ),
)  # fmt: skip


def quoted_hit(shape: str, *, is_double: bool) -> Sighting | None:
    """Return the surest rule for what follows a closing quote; `shape` begins with the closed string."""
    best: Sighting | None = None
    for rule in QUOTED:
        score = rule.double if is_double else rule.score
        if (best is None or score > best.score) and rule.pattern.search(shape):
            best = Sighting(rule.rule, score, rule.why)
    return best


def bare_hit(shape: str) -> Sighting | None:
    """Return the surest rule for a value that stands where a number would."""
    best: Sighting | None = None
    for rule in BARE:
        if (best is None or rule.score > best.score) and rule.pattern.search(shape):
            best = Sighting(rule.rule, rule.score, rule.why)
    return best
