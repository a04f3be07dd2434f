"""Markup injection: tags and attributes that run script, load a document or leave the attribute they stood in.

Formatting tags alone pass. In prose, tags that only embed or style need to act to count.
"""

import re
from typing import Final

from apiward.inspection.markup.names import ACTIVE, ADDRESSES, EVENTS, GENERIC, HARMLESS, RUNNING
from apiward.inspection.markup.tags import Tag, tags_of
from apiward.inspection.model import AttackClass, Detector, Sighting, View
from apiward.inspection.patterns import Rule, RuleSet

_SIGNS: Final = (
    "<", "onerror", "onload", "onclick", "onmouse", "onfocus", "onblur", "onwheel", "onpointer", "ontoggle",
    "onanim", "onbegin", "onkey", "onsubmit", "onchange", "oninput", "ondrag",
    "onaux", "ontouch", "onbefore", "onunload", "onhash", "onscroll", "onresize", "onselect", "onform", "onx",
    "ondbl", "onpage", "onplay", "onpaste", "oncopy", "oncut", "onstart",
    '"on', "'on", "`on", "/on", "script", "data:", "vbs", "expression", "fromcharcode", "formaction",
    "srcdoc", "&{", "-moz-binding", "mocha:", "autofocus", "cdata[", "behavio",
)  # fmt: skip

_SPACES: Final = re.compile(r"[\s\x00-\x20\\]+|/\*.*?\*/|<!--.*?-->")
_SCRIPT_URL: Final = re.compile(
    r"^['\"`(]*(?:javascript|vbscript|livescript|mocha|jscript|jav\w{0,3}script)[:#&]"
    r"|^['\"`]*(?:data:(?:text/(?:html|xml|javascript)|image/svg|application/(?:x?html|xml|javascript)|[,;]))"
    r"|^about:<"
)
_ALERTING: Final = re.compile(
    r"javascript:|expression\(|behaviou?r:|-moz-binding|binding:url|@import|url\(['\"]?(?:javascript"
    r"|data:text)|vbscript:"
)
_CHARSET: Final = re.compile(r"set-cookie|refresh|utf-7|content-security|link|url=")

_RULES: Final = RuleSet(
    Rule(
        "markup.event", 0.8, "an event attribute that runs script begins after a quote",
        rf"['\"`][\s/+\x00]*on(?:{EVENTS})[\s+\x00]*=|['\"`]\s?//?\s?on\w{{1,20}}\s?=",
    ),
    Rule(
        "markup.event-call", 0.8, "an event attribute runs script",
        rf"(?:^|[\s/+'\"`;,>\x00])on(?:{EVENTS})[\s+]*=[\s+'\"`{{(]*(?:[\w.$\[\]'\"]{{1,60}}[\s(`]*[(`]"
        rf"|javascript:|document|window|location|throw|eval|alert|\w+[=(])",
    ),
    Rule(
        "markup.script-url", 0.75, "an address that runs script",
        r"(?:^|[\s'\"`=(,;>?/])(?:j\s?a\s?v\s?a|vb|live|j)\s?s\s?c\s?r\s?i\s?p\s?t\s?:\s?(?:[^\s:]{0,80}[(`=\[]|//"
        r"|%|[\w.]+\s?=|\\)|\bjavascript\s?[:#]\s?(?:alert|prompt|confirm|eval|document|window|void\(|//|fetch"
        r"|set(?:timeout|interval))",
    ),
    Rule(
        "markup.data-url", 0.75, "an address that holds a document or script",
        r"\bdata:(?:text/(?:html|javascript|xml)|image/svg\+xml|application/(?:javascript|xhtml\+xml"
        r"|x-javascript))\s?[;,]",
    ),
    Rule(
        "markup.closing", 0.7, "the end of a script or page part without its beginning",
        r"^[^<]{0,300}</(?:script|style|title|textarea|noscript|xmp|object|embed|video|iframe)\s?[/>]|</script\W"
        r"|(?:^|\])/?script>|^script.{1,200}/script$",
    ),
    Rule(
        "markup.split", 0.8, "a tag is cut into pieces that join again",
        r"<scr<script|<\s?/?\s?s\s?c\s?r\s?i\s?p\s?t[\s/>+]|scr\w*['\"]\s?\)?\s?[;+.]{1,2}\s?\w*\(?['\"]?\s?ipt"
        r"|<scr['\"]?\)?;|</scr_ipt|_script>|\]script>",
    ),
    Rule(
        "markup.style", 0.75, "a style that runs script",
        r"(?::|\*/)\s?expression\s?[(\d]|\bexpression\((?:alert|document|eval|window|location)|-moz-binding\s?:"
        r"|behaviou?r\s?:\s?url|xss:expr|list-style:\s?url\(\)|expr/\*",
    ),
    Rule(
        "markup.entity-script", 0.8, "script inside an entity of old browsers",
        r"&\{[^}]{0,60}[\w)'\"]\s?[=(][^}]{1,60}\}|=&\{\(\)\}",
    ),
    Rule(
        "markup.breakout", 0.6, "a quote and a bracket end the tag and another begins",
        r"^[^<>]*['\"`]\s?/?>\s?</?(?:(?:script|style|textarea|title|svg|iframe|form|input|button|body|select|table"
        r"|video|audio|math|object|embed|meta|link|details|template|noscript)\b"
        # A picture that names no source and does nothing is a piece of somebody's page.
        r"|img\b[^>]{0,80}(?:src|\bon|style)|image\b)",
    ),
    Rule(
        "markup.focus", 0.6, "an element takes the focus by itself",
        r"\bautofocus\b\s?[^a-z]{0,3}on\w|\bautofocus>|\bautofocus\s+(?:onfocus|tabindex)|\bformaction\s?="
        r"|\bsrcdoc\s?=|^[^<>]*['\"]\s?style\s?=\s?['\"]?\w+-?\w*:",
    ),
    Rule("markup.cdata", 0.6, "an XML section stands where a value would", r"<?!\[cdata\["),
)  # fmt: skip


def _look(view: View) -> Sighting | None:
    low = view.low
    best = _RULES.search(low)
    if "<" in low:
        for tag in tags_of(low):
            seen = _tag(tag, low)
            if seen is not None and (best is None or seen.score > best.score):
                best = seen
                if best.score >= 0.9:
                    break
    return best


def _tag(tag: Tag, low: str) -> Sighting | None:
    for name, value in tag.attributes:
        seen = _attribute(tag.name, name, value)
        if seen is not None:
            return seen
    if tag.name == "script":
        return Sighting("markup.script", 0.9, "a script tag opens")
    if not tag.attributes and tag.name in GENERIC and low[tag.start - 1 : tag.start].isalnum():
        return None  # a type with a parameter, as in List<Object>
    if tag.name in RUNNING:
        return Sighting(
            "markup.running-tag",
            0.75 if tag.name != "iframe" else 0.65,
            "a tag opens that runs or loads something by itself",
        )
    if tag.name in ACTIVE:
        return Sighting("markup.active-tag", 0.6, "a tag opens that changes a page or asks its reader for something")
    return None


def _attribute(tag: str, name: str, value: str) -> Sighting | None:
    if name.startswith("on") and len(name) > 3 and (value or "=" in name):
        return Sighting("markup.event-attribute", 0.9, "a tag has an attribute that runs script on an event")
    compact = _SPACES.sub("", value)
    if (name in ADDRESSES or tag not in HARMLESS) and _SCRIPT_URL.search(compact):
        return Sighting("markup.address", 0.9, "a tag has an address that runs script or holds a document")
    if name == "style" and _ALERTING.search(compact):
        return Sighting("markup.style-attribute", 0.85, "a tag has a style that runs script")
    if tag == "meta" and name in {"http-equiv", "content"} and _CHARSET.search(value):
        return Sighting("markup.meta", 0.85, "a tag changes how the page is read or where it leads")
    if name in {"srcdoc", "formaction", "xlink:href", "dynsrc", "lowsrc", "datasrc", "datafld", "allowscriptaccess"}:
        return Sighting("markup.attribute", 0.75, "a tag has an attribute that loads a document or script")
    return None


DETECTOR: Final = Detector(AttackClass.MARKUP, _SIGNS, _look)
