"""What `apiward open` does: makes a one-time link for the page that runs."""

import time
from collections.abc import Mapping

from apiward.app.page.links import links_of, page_address
from apiward.catalogue.page import load_page_words
from apiward.cli.exits import ExitCode
from apiward.cli.speaking import say, write_out
from apiward.cli.store_places import place_of
from apiward.config.errors import AdvisedError


def open_page(given: Mapping[str, object]) -> int:
    """Print a link. Raises AdvisedError where no page runs here."""
    place, _ = place_of(given)
    address = page_address(place.data)
    if not address:
        raise AdvisedError(
            "No page runs here.",
            f"None has written down in {place.data} where it listens.",
            "Start it: apiward up. Or run this where its apiward.toml is.",
        )
    try:
        ticket = links_of(place.data, time.time).make()
    except OSError as error:
        raise AdvisedError(
            "A link could not be made.", f"{error.strerror}.", "Run this as who runs the page."
        ) from error
    write_out(f"{address}/open/{ticket}\n")
    say(load_page_words().said("first.page-once"))
    return ExitCode.HOLDS
