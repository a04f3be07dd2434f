"""Rules for the words that people read: length, sentences, plain language, places to fill."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Final

MAX_SENTENCE_WORDS: Final = 25
ASK_SENTENCES: Final = range(2, 6)

JARGON: Final = (
    "actor", "adversary", "arbitrary code", "attack surface", "attack vector", "attacker", "blast radius",
    "BFLA", "BOLA", "BOPLA", "bouncer", "brute force", "brute-force", "bypass", "compromise", "compromised",
    "credential", "credentials", "CVE", "CVSS", "CWE", "endpoint", "endpoints", "enumerate", "enumeration",
    "exfiltrate", "exfiltration", "exploit", "exploitable", "exploits", "hacker", "hackers", "harden",
    "hardening", "IDOR", "kill chain", "lateral movement", "leverage", "malicious", "mitigate", "mitigation",
    "MITM", "payload", "payloads", "pentest", "PoC", "posture", "privilege escalation", "RCE", "red team",
    "ReDoS", "remediate", "remediation", "robust", "seamless", "spoof", "SSRF", "threat", "threat actor",
    "threats", "unauthenticated", "unauthorised", "unauthorized", "vector", "vectors", "vulnerabilities",
    "vulnerability", "vulnerable", "weaponise", "XSS", "zero-day",
)  # fmt: skip
"""Words of the trade that an owner need not know. Developers' fields may use them."""

_JARGON: Final = re.compile(rf"\b({'|'.join(map(re.escape, JARGON))})\b", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a field is written. `places` are the {names} it may hold; `has_jargon` lets trade words pass."""

    longest: int
    is_sentence: bool = True
    has_jargon: bool = False
    places: frozenset[str] = frozenset()


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of `text`; a full stop inside a word or number ends none, {saw} is one by itself."""
    whole = text.replace("{saw}", "{saw}.")
    return tuple(part for part in _SENTENCE_END.split(whole.strip()) if part)


def prose_problems(text: str, manner: Manner) -> Iterator[str]:
    """Yield what is wrong with `text`, each as half a sentence; nothing where it is right."""
    if len(text) > manner.longest:
        yield f"has {len(text)} characters, more than {manner.longest}"
    yield from _spacing_problems(text)
    yield from _ending_problems(text, manner)
    yield from _sentence_problems(text)
    yield from _place_problems(text, manner)
    if not manner.has_jargon:
        yield from (f"uses the trade word {word!r}" for word in _JARGON.findall(text))


def _spacing_problems(text: str) -> Iterator[str]:
    if text != text.strip():
        yield "starts or ends with a space"
    if re.search(r"\s\s|[^\S ]", text.strip()):
        yield "holds a double space, a tab or a line break"


def _ending_problems(text: str, manner: Manner) -> Iterator[str]:
    ends = text.rstrip().endswith((".", "?", "{saw}"))
    if manner.is_sentence and not ends:
        yield "does not end with a full stop"
    if not manner.is_sentence and ends:
        yield "ends like a sentence"
    if not text[:1].isupper() and not text.startswith(("{", "apiward ")):
        yield "does not start with a capital letter"


def _sentence_problems(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        count = len(sentence.split())
        if count > MAX_SENTENCE_WORDS:
            start = " ".join(sentence.split()[:4])
            yield f"has a sentence of {count} words, more than {MAX_SENTENCE_WORDS}: {start!r}"


def _place_problems(text: str, manner: Manner) -> Iterator[str]:
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        yield "has a stray brace"
        return
    for name in sorted(found - manner.places):
        yield f"has the unknown place {{{name}}}"
