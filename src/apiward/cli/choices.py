"""One of a few words, typed on the command line."""

import click

from apiward.config.errors import meant


class OneOf(click.Choice[str]):
    """A choice whose refusal also says what was meant, as far as one can tell."""

    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        """Return the refusal: the nearest choice, then all of them."""
        return super().get_invalid_choice_message(value, ctx) + meant(value, self.choices)
