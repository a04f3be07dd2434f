"""Who is never shut out of a guard: the owner's own networks, proxies and accounts, as the settings name them."""

from pathlib import Path

from apiward.app.guarding.shutting import Own
from apiward.config.guarding import GuardConfig
from apiward.config.watching import WatchConfig, load_watch


def own_of(file: Path | None, config: GuardConfig) -> Own:
    """Return who is the owner's own. Raises ConfigError where [watch] cannot be read."""
    seeing = (load_watch(file) if file is not None else WatchConfig()).seeing
    return Own((*config.origin.never_block, *config.origin.trusted_proxies, *seeing.own_addresses), seeing.own_accounts)
