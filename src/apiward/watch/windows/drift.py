"""Whether something has grown for good: small excesses add up, chance does not (CUSUM, Page 1954)."""

from typing import Final, TypeAlias

Drift: TypeAlias = list[float]
"""The mean, how far values usually lie from it, the sum of excesses, and how many values there were."""
_FOLLOWS: Final = 0.1
LEARNS: Final = 5
"""Values before anything is an excess."""


def new_drift() -> Drift:
    """Return what is known of nothing."""
    return [0.0, 0.0, 0.0, 0.0]


def excess(drift: Drift, value: float, slack: float = 1.0) -> float:
    """Take a value in; the sum of what lay above the mean by more than `slack` usual distances, in such distances."""
    mean, spread, total, many = drift
    if many >= LEARNS:
        step = max(spread, abs(mean) * 0.1, 1e-9)
        total = max(0.0, total + (value - mean) / step - slack)
    weight = max(_FOLLOWS, 1.0 / (many + 1.0))
    usual = value if many < LEARNS else min(value, mean + 3.0 * max(spread, abs(mean) * 0.1, 1e-9))
    mean += (usual - mean) * weight
    spread += (abs(usual - mean) - spread) * weight
    drift[:] = [mean, spread, total, many + 1.0]
    return total
