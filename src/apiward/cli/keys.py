"""`apiward keys`: the API keys that the guard knows. What the commands do stands in `keys_desk`."""

import click

from apiward.cli.lazy_options import guard_place
