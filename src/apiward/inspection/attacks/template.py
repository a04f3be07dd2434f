"""Server-side template injection: an expression between template marks that computes, calls or reaches inside.

Placeholders such as `{{ first_name }}` or `${AMOUNT}` are what mail templates hold, and pass.
"""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "{{", *("{" + digit for digit in "123456789"), "${", "#{", "<%", "{%", "*{", "@{", "~{", "[[", "<#", "#set",
    "{php", "%{", "__class__", "__globals__", "#evaluate", "@(", "{=", "{$", "#{", "<@", "v-", "{_",
)  # fmt: skip
_MARKS: Final = r"(?:\{\{|[$#*@~]\{|<%=?|\{%|\[\[[$#*]\{|@\(|\{=|<@)"

_RULES: Final = RuleSet(
    Rule(
        "template.sum", 0.8, "a template expression computes with numbers",
        rf"{_MARKS}[\s'\"(=-]*\d+[\s'\"]*[*+/%-][\s'\"]*\d+|\{{\{{[^}}]{{0,20}}\d+\s?\*\s?'?\d+|@\(\d+[*+/-]\d+\)"
        r"|\{\s?\d+\s?\*\s?\d+\s?\}|\{\{\s?['\"][^'\"]*['\"]\s?\*\s?\d",
    ),
    Rule(
        "template.inside", 0.95, "a template expression reaches into the language behind it",
        r"__(?:class|mro|subclasses|globals|builtins|init|import|getattribute|base)__|\.constructor\b"
        r"|\bconstructor\.constructor|freemarker\.template|\?new ?\(\)"
        r"|\bT\(\s?java|java\.lang|getRuntime|getClass ?\(|forName\(|Execute\"|#set ?\( ?\$|#evaluate"
        r"|\$class\.inspect|class\.inspect\(|self\._TemplateReference|_self\.env"
        r"|registerUndefinedFilterCallback|smarty\.|\{php\}|\bcycler\.|lipsum\.|joiner\.|range\.constructor"
        r"|process\.mainModule|global\.process|#root|%\{\(*#|\$\{\(+#|@java|ognl|#_memberAccess|#context",
    ),
    Rule(
        "template.call", 0.75, "a template expression calls a function",
        rf"{_MARKS}[^}}%]{{0,60}}(?:system|exec|popen|eval|passthru|shell_exec|require|import|file_get_contents"
        rf"|phpinfo|config|request|self|settings|env|dump|debug|url_for|get_flashed_messages|include|alert|prompt"
        rf"|confirm|constructor|open|readfile|print|File|IO\.\w+|Dir)\b\s?[.(\[|`]",
    ),
    Rule(
        "template.object", 0.7, "a template expression shows an object of the application",
        r"\{\{\s?(?:config|self|request|settings|session|app|application|_self|this|dump|debug)(?:\s?\}\}"
        r"|\.[a-z_]+\s?(?:\(|\.))|\{% ?(?:debug|import|include|extends|set \w+ ?=.{0,40}(?:\(|__)|for \w+ in (?:\("
        r"|\[\]|''))|\{%-? ?(?:if|elif|unless|while) (?:not )?(?:\d|'|\"|true\b)"
        r"|<%=?\s?(?:system|exec|`|Dir|File|IO|global|process|Runtime|request|response|eval)|\{%\s?(?:raw"
        r"|autoescape) |#\{\s?(?:system|exec|`|File|IO|Dir|7\*7|session|facesContext|request)"
        r"|\$\{\s?(?:session|param|pageContext|applicationScope|request\.|facesContext|T\(|system|exec|alert|self"
        r"|class)",
    ),
    Rule(
        "template.literal", 0.6, "a template expression runs code",
        r"\$\{[^}]{0,40}(?:\w\s?\(|`)[^}]{0,80}\}|#\{[^}]{0,40}\w\([^}]{0,80}\}|\{\{[^}]{0,60}\w\([^}]{0,80}\}\}"
        r"|\{\{\s?(?:\[\]|\(\)|''|\"\")\s?[.|\[]|(?:\{\{|[$#]\{)(?:<%|\{%|\[%)",
    ),
    Rule(
        "template.binding", 0.8, "an attribute that a page framework runs as code",
        r"\bv-(?:if|html|on|bind|text|show)\b\]?\s?=\s?\S{0,80}\(|\bng-(?:init|click|app|focus|mouseover)\s?="
        r"|\bx-(?:data|init|on:\w+)\s?=\s?['\"]?\w",
    ),
    Rule(
        "template.directive", 0.85, "a directive of a template language",
        r"<#(?:assign|include|list|if|import|macro|setting)\b|<@(?:include|macro|nested|assign|spring|s\.|list)\b"
        r"|#(?:foreach|include|parse|macro|define) ?\(",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.text)


DETECTOR: Final = Detector(AttackClass.TEMPLATE, _SIGNS, _look)
