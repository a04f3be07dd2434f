"""JavaScript that leaves the string or expression it stands in, or calls what a page would run.

Words such as alert or document alone pass; they need to be called, reached into, or assigned. In prose, a call alone is
what people write about; there it takes a tag or a quote that ends a string.
"""

from typing import Final

from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "alert", "prompt", "confirm", "document", "window", "eval", "fromcharcode", "settimeout", "setinterval", "atob",
    "constructor", "location", "innerhtml", "fetch(", "xmlhttp",
    "import(", "console.", "function(", "=>", "throw", "self[", "top[", "this[", "globalthis", "parent[", "cookie",
    "localstorage", "sessionstorage", "write(", "onerror=", "msgbox", "';", '";', "';", "')", '")', "'}", "'-",
    "'+", "//-", "}//", ")//",
)  # fmt: skip
_CALLS: Final = (
    r"(?:alert|prompt|confirm|eval|settimeout|setinterval|atob|msgbox|fetch|print|unescape|execscript|importscripts)"
)
_GLOBALS: Final = (
    r"(?:document|window|self|top|parent|this|globalthis|frames|content|location|navigator|localstorage|sessionstorage)"
)

_RULES: Final = RuleSet(
    Rule(
        "script.dialog", 0.65, "a dialog of the browser is called",
        r"(?:^|[^\w.\x{2019}-])(?:\w{1,10}\.)?\(?\b(?:alert|prompt|confirm)\)?(?:\?\.)?"
        r"(?:\(\s?\d|\s\(\s?\d+\s?\)\s?(?:$|[;'\"`/>,)\]}&*+<-])|\s?\(\s?(?:['\"`/]|\)\s?(?:$|[;'\"`/>,)\]}&*+-])|document"
        r"|location|window|origin|xss|this|string\.)|\(\w+\)|`[^`]*`|\.(?:call|apply|bind)\s?\(|&lpar;|%28|\[)",
    ),
    Rule(
        "script.cookie", 0.65, "the browser's store of secrets is read or set",
        r"\bdocument\s?(?:\?\.|\.|\[\s?['\"`])\s?(?:cookie|domain|write(?:ln)?|location|body|url|referrer"
        r"|getelement\w+|createelement|queryselector|forms|documentelement|head)\b|\b(?:localstorage"
        r"|sessionstorage)\s?[.\[]",
    ),
    Rule(
        "script.eval", 0.8, "text is run as script",
        r"\b(?:eval|settimeout|setinterval|function|execscript)\s?\(\s?(?:atob|string|unescape|decodeuri\w*|name"
        r"|location|window|'|\"|`|/|alert|document|\w+\[)|\bstring\s?\[?\.?['\"]?fromcharcode|\bnew function\s?\(",
    ),
    Rule(
        "script.reach", 0.65, "a global object is reached by a name that is put together",
        rf"\b{_GLOBALS}\s?\[\s?(?:['\"`/(+]|\w+\()|\bconstructor\s?[(\[.]\s?(?:['\"`(]|constructor|prototype|_)"
        rf"|\]\[?['\"`]?constructor|\b{_GLOBALS}\.(?:location|name|onerror|eval|open)\s?[=(]"
        rf"|\blocation\s?(?:\.href|\.hash|\.search)?\s?=\s?['\"`/?]?\s?(?:javascript|//|http|name|hash|data:)",
    ),
    Rule(
        "script.breakout", 0.8, "a quote ends a string of a script and a call follows",
        rf"['\"`\\]\s?[)}}\]]*\s?[;,+*/^|&%-]{{1,2}}\s?\(?(?:\w{{1,12}}\.)?{_CALLS}\b\)?\s?[(.]|['\"`\\]\s?[;,+*/^|&%-]{{1,2}}\s?(?:alert|prompt|confirm)`"
        rf"|['\"`]\s?[-+*]\s?[\w.]+\s?[(`]\s?[\w'\"`]*\s?[)`]\s?(?:[-+*]\s?['\"`]|//)"
        rf"|['\"`]\s?[)}}\]]*;?\s?\}}?\s?(?:catch|finally|else)\s?[({{]|</script"
        r"|^\s?[-+*/^%|&,;]{1,2}\s?(?:alert|prompt|confirm)[(`]",
    ),
    Rule(
        "script.tail", 0.75, "a script goes on and its rest is commented out",
        r"['\"`]\s?[)}\]]*;\s?[\w.]+\s?\([^)]{0,40}\)\s?;?//"
        r"|['\")};]\s?;?\s?(?:if|var|let|for|while|throw|return|try)\b\s?[({!\w].{0,120}//\s?$",
    ),
    Rule(
        "script.element", 0.65, "an element of the page is changed by script",
        r"\.(?:innerhtml|outerhtml|insertadjacenthtml|srcdoc)\b|\bwrite\s?\(\s?(?:\d|['\"<])|\bthrow\s?(?:onerror"
        r"|/|\w+\s?=)|onerror\s?=\s?(?:eval|alert)|\$\s?=\s?alert|=\s?alert\b|\.(?:find|map|filter|foreach|some"
        r"|every|reduce|sort|findindex)\s?\(\s?(?:alert|prompt|confirm|eval)\b",
    ),
    Rule(
        "script.fetch", 0.65, "a script sends data elsewhere",
        r"\b(?:fetch|navigator\.sendbeacon|importscripts)\s?\(\s?(?:['\"`]\s?(?:[a-z]{2,10}:|[/\\]{2}|['\"`]|$)|/)|\bnew\s+(?:image|xmlhttprequest"
        r"|websocket)\b\s?\(?|\bimport\s?\(\s?['\"`]",
    ),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    return _RULES.search(view.low)


DETECTOR: Final = Detector(AttackClass.MARKUP, _SIGNS, _look)
