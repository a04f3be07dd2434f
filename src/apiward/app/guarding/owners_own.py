"""Who is never shut out of a guard: the owner's own networks, proxies and accounts, as the settings name them."""

from apiward.app.guarding.shut_keys import Own
from apiward.config.guarding import GuardConfig
from apiward.config.watching import WatchConfig


def own_of(guard: GuardConfig, watch: WatchConfig) -> Own:
    """Return who is the owner's own."""
    seeing = watch.seeing
    return Own((*guard.origin.never_block, *guard.origin.trusted_proxies, *seeing.own_addresses), seeing.own_accounts)
