"""A listener of a scan without a network: tests say who goes where."""

import re
from dataclasses import dataclass, field

from apiward.core.exchange import Exchange, Request, Response


@dataclass
class Ear:
    """A listener without a network: `call` is what a server does that goes to an address."""

    origin: str = "http://127.0.0.1:9999"
    is_inside: bool = True
    expected: dict[str, Response | None] = field(default_factory=dict)
    calls: dict[str, Exchange] = field(default_factory=dict)

    def expect(self, token: str, answer: Response | None = None) -> str:
        self.expected[token] = answer
        return _text_for(token)

    def heard(self, token: str) -> Exchange | None:
        return self.calls.get(token)

    def call(self, address: str) -> str:
        """Go to an address, and return what is there; nothing where nobody is."""
        token = next(
            (one for one in re.findall(r"[0-9a-f]{32}", address.partition("#")[0]) if one in self.expected), ""
        )
        if not token:
            return ""
        answer = self.expected[token] or Response(200, (), _text_for(token).encode())
        self.calls[token] = Exchange(Request("GET", address), answer)
        return answer.text


def _text_for(token: str) -> str:
    return f"answer-to-{token[:6]}"
