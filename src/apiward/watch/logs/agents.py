"""The program that calls, without the details of its version: `firefox`, `curl`, `googlebot`."""

import re
from typing import Final

_KNOWN: Final = tuple(
    (word, re.compile(pattern, re.IGNORECASE))
    for word, pattern in (
        ("sqlmap", "sqlmap"),
        ("nikto", "nikto"),
        ("nuclei", "nuclei"),
        ("wpscan", "wpscan"),
        ("zgrab", "zgrab"),
        ("masscan", "masscan"),
        ("nmap", r"\bnmap"),
        ("gobuster", "gobuster"),
        ("ffuf", "fuzz faster u fool|ffuf"),
        ("dirbuster", "dirbuster"),
        ("googlebot", "googlebot|google-inspectiontool|adsbot-google|mediapartners-google"),
        ("bingbot", "bingbot|bingpreview|msnbot"),
        ("yandexbot", "yandex"),
        ("baiduspider", "baiduspider"),
        ("applebot", "applebot"),
        ("facebook", "facebookexternalhit|meta-externalagent|facebot"),
        ("headless-chrome", "headlesschrome|puppeteer|playwright"),
        ("edge", r"\bedg(?:e|a|ios)?/"),
        ("opera", r"\bopr/|\bopera"),
        ("samsung-browser", "samsungbrowser"),
        ("firefox", "firefox/|fxios/"),
        ("chrome", "chrome/|chromium/|crios/"),
        ("safari", r"version/[0-9.]+ .{0,40}safari/"),
        ("internet-explorer", r"msie |trident/"),
    )
)
_BOT: Final = re.compile(r"([a-z][a-z0-9_.-]{0,28}(?:bot|spider|crawler))\b", re.IGNORECASE)
_FIRST: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_.-]{0,28})")
_MOST: Final = 512


def family_of(agent: str) -> str:
    """Return the family of a program by what it says of itself; empty where it says nothing."""
    text = agent[:_MOST]
    if not text or text == "-":
        return ""
    for word, pattern in _KNOWN:
        if pattern.search(text):
            return word
    found = _BOT.search(text) or _FIRST.match(text)
    return found[1].lower() if found else "other"
