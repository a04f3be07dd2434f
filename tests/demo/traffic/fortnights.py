"""One fortnight of a business of sixty, for all tests that look for what happens in it."""

from functools import cache

from apiward.demo.traffic.fortnight import traffic
from apiward.demo.traffic.settings import TrafficSettings
from apiward.demo.traffic.values import Step

SETTINGS = TrafficSettings(users=60, seed=11, never_listing=0.3, cross_tenant_links=0.01)


@cache
def fortnight() -> tuple[Step, ...]:
    """Return all its steps."""
    return tuple(traffic(SETTINGS))
