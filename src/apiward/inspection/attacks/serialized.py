"""Serialised objects of PHP, Java, Python, .NET, Ruby, Node and YAML, which run code when they are read back."""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "o:", "a:", "c:", "ro0ab", "aced0005", "\xac\xed", "h4siaaaa", "gasv", "gan", "gajv", "kgr", "cposix", "cos\n",
    "c__builtin__", "csubprocess", "!!", "!ruby", "!python", "aaeaaad",
    "$type", "nd_func", "objectdataprovider", "@type", "\x04\x08", "bah", "__reduce__", "java.", "javax.",
    "com.sun", "system.diagnostics", "tvqq", "!<tag:", "!js/", "!php/",
)  # fmt: skip

_RULES: Final = RuleSet(
    Rule(
        "object.php", 0.9, "an object as PHP stores it",
        r"(?:^|[;{\"'=\s|])[oc]:\+?\d{1,5}:\\?\"[\w\\]+\\?\":\d+:\{|(?:^|[=\s])a:\d{1,4}:\{[isbdOa]:",
    ),
    Rule(
        "object.java", 0.9, "an object as Java stores it",
        r"\brO0AB[A-Za-z0-9+/=]{4,}|^aced0005|\xac\xed\x00\x05|\bH4sIAAAAAAAA[A-Za-z0-9+/]{20,}",
    ),
    Rule(
        "object.python", 0.9, "an object as Python stores it",
        r"\bc(?:os|posix|nt)\s(?:system|popen)\b|\bc(?:__builtin__|builtins|subprocess)\s\w+|__reduce(?:_ex)?__"
        r"|(?-i:^gA[SJN][VWXZj])[A-Za-z0-9+/=]{12,}|(?-i:^KGRw)[A-Za-z0-9+/=]{8,}|\x80[\x02-\x05](?:\x95|c|\})",
    ),
    Rule(
        "object.yaml", 0.9, "a YAML tag that builds an object",
        r"!!(?:python|javax?|com|org|sun|ruby|perl|java)[./:]|!ruby/(?:object|hash|regexp|struct)|!!python/"
        r"|!<tag:yaml\.org,2002:|!!js/(?:function|regexp|undefined)|!python/object|!php/object"
        r"|tag:yaml\.org,2002:(?:python|java)",
    ),
    Rule(
        "object.dotnet", 0.9, "an object as .NET stores it",
        r"\bAAEAAAD/////|ObjectDataProvider|System\.(?:Diagnostics\.Process|Windows\.Data|Management\.Automation"
        r"|IO\.FileInfo|Configuration\.Install|Web\.UI|Data\.Services)|\"?\$type\"?\s?:\s?\"?[\w.]+[,.]\s?\w",
    ),
    Rule(
        "object.type", 0.85, "a type of Java is named for the reader to build",
        r"\"?@(?:type|class)\"?\s?:\s?\"?(?:com\.|org\.|java|javax|sun\.)[\w.$]+|\b(?:com\.sun\.rowset"
        r"|org\.apache\.(?:commons|xalan|xbean|tomcat|ibatis|shiro)|javax\.(?:naming|script|management|swing)\."
        r"|java\.(?:lang\.(?:runtime|processbuilder|class|system)|net\.url|util\.(?:priorityqueue|hashmap|logging)"
        r"|beans\.))[\w.]*",
    ),
    Rule("object.node", 0.9, "a function as a Node library stores it", r"_\$\$ND_FUNC\$\$_"),
    Rule("object.ruby", 0.8, "an object as Ruby stores it", r"^\x04\x08[\[{oIu:]"
        r"|(?-i:^BAh[7bJvITQ])[A-Za-z0-9+/=]{12,}"),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.text)


DETECTOR: Final = Detector(AttackClass.OBJECT, _SIGNS, _look)
