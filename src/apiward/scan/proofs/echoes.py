"""The first odd text for an opening: one request that shows templates, raw markup and values that reach a header."""

from dataclasses import dataclass

from apiward.core.exchange import Exchange
from apiward.scan.proofs import templates
from apiward.scan.proofs.openings import Opening
from apiward.scan.proofs.survey import Survey, word
from apiward.scan.proofs.templates import Polyglot


@dataclass(frozen=True, slots=True)
class Echo:
    """What was sent where, and what came back. `tag` is the name of an element that stood in the text."""

    opening: Opening
    exchange: Exchange
    sent: Polyglot
    tag: str
    has_angles: bool

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the answer's headers in which the text came back."""
        response = self.exchange.response
        return tuple(name for name, value in response.headers if self.tag in value) if response else ()


async def echo(survey: Survey, opening: Opening) -> Echo:
    """Return what the opening makes of the first odd text; it is sent once."""

    async def ask() -> Echo:
        tag = word(survey.scene.rng)
        value, at, host = opening.value.partition("@")
        is_mail = bool(at) and "." in host and " " not in value
        if is_mail:
            sent = templates.polyglot(survey.scene.rng, f"{value}{tag}", f"@{host}", has_angles=False)
        else:
            sent = templates.polyglot(survey.scene.rng, f"{opening.value}<{tag}>")
        return Echo(opening, await survey.send(opening, sent.text), sent, tag, has_angles=not is_mail)

    found = await survey.once("echo", opening, ask)
    assert isinstance(found, Echo)  # noqa: S101  # what `ask` has returned
    survey.count(found.exchange)
    return found


def echoes(survey: Survey) -> list[Echo]:
    """Return what was learned so far, without sending anything."""
    return [found for found in survey.learned() if isinstance(found, Echo)]
