"""Texts that template engines and interpreters work out, and that are plain characters to all else (CWE-1336)."""

import random
from dataclasses import dataclass, replace
from typing import Final

from apiward.scan.proofs.computed import Sum, fresh_sum


@dataclass(frozen=True, slots=True)
class Syntax:
    """How one family of templates marks what is to be worked out. `other` marks nothing in any of them."""

    before: str
    after: str
    other: tuple[str, str]

    @property
    def label(self) -> str:
        """The signs as people write them."""
        return f"{self.before} {self.after}".strip()

    def around(self, text: str) -> str:
        """Return what would be worked out."""
        return f"{self.before}{text}{self.after}"

    def beside(self, text: str) -> str:
        """Return a text as odd, in which nothing is worked out."""
        return f"{self.other[0]}{text}{self.other[1]}"


SYNTAXES: Final = (
    Syntax("{{", "}}", ("{[", "]}")),  # Jinja, Twig, Nunjucks, Tornado, Blade
    Syntax("${", "}", ("$(", ")")),  # FreeMarker, Mako, Spring, template strings of JavaScript
    Syntax("#{", "}", ("#(", ")")),  # Pug, Spring, strings of Ruby
    Syntax("<%=", "%>", ("<=", "=>")),  # ERB, EJS, JSP
    Syntax("%{", "}", ("%[", "]")),  # Struts
    Syntax("@(", ")", ("@[", "]")),  # Razor
)
BARE: Final = Syntax("", "", ("(", ""))
"""No signs at all: the whole text is worked out. Its counterpart has a bracket that nothing closes."""


@dataclass(frozen=True, slots=True)
class Polyglot:
    """One text with a sum in every syntax, each with a factor of its own, so that the answer says which was meant."""

    text: str
    sums: tuple[Sum, ...]


def polyglot(rng: random.Random, start: str, end: str = "", *, has_angles: bool = True) -> Polyglot:
    """Return the text that is asked first. Without angle brackets it still passes for an address of mail."""
    used = [syntax for syntax in SYNTAXES if has_angles or "<" not in syntax.before]
    sums = tuple(fresh_sum(rng) for _ in used)
    parts = "".join(syntax.around(one.text) for syntax, one in zip(used, sums, strict=True))
    return Polyglot(f"{start}{parts}{end}", sums)


def syntax_of(place: int, *, has_angles: bool = True) -> Syntax:
    """Return the syntax of the sum at that place in a polyglot."""
    return [syntax for syntax in SYNTAXES if has_angles or "<" not in syntax.before][place]


@dataclass(frozen=True, slots=True)
class Code:
    """A sum that only a whole language works out, as it looks into the language's own objects."""

    text: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is asked for a sum and a number that stands in its own objects: `more` is that number."""

    name: str
    form: str
    more: int

    def code(self, rng: random.Random) -> Code:
        """Return a fresh sum; calculators and sandboxes refuse it."""
        one = fresh_sum(rng)
        return Code(self.form.replace("{sum}", one.text), replace(one, more=self.more))


LANGUAGES: Final = (
    Language("Python", "({sum})+[].__class__.__name__.__len__()", 4),
    Language("JavaScript", "({sum})+[].constructor.name.length", 5),
    Language("Ruby", "({sum})+[].class.name.length", 5),
    Language("PHP", "({sum})+strlen(ucfirst('abc'))", 3),
    Language("Java", "({sum})+''.getClass().getName().length()", 16),
)
