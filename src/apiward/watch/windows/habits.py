"""What is usual for somebody, and for everybody else: of whole days, with the day that goes on beside them."""

from typing import Final, TypeAlias

DAY_S: Final = 86_400.0
_FORGETS: Final = 0.2
"""How much of the mean the newest day makes: a habit follows within a week."""

Habit: TypeAlias = list[float]
"""The day, its sum, the mean of the days before it, the most of any of them (which fades), how many they were."""
Usual: TypeAlias = list[float]
"""How often which size was seen (by powers of 2), fading."""
_SIZES: Final = 32


def new_habit() -> Habit:
    """Return the habit of somebody new."""
    return [0.0, 0.0, 0.0, 0.0, 0.0]


def follow(habit: Habit, at_s: float, amount: float) -> float:
    """Add to the day; what the day before came to is returned where one has just ended, else 0."""
    day = at_s // DAY_S
    ended = 0.0
    if day > habit[0]:
        ended = habit[1] if habit[0] else 0.0
        if ended:
            days = habit[4] = habit[4] + 1.0
            habit[2] += (ended - habit[2]) * max(_FORGETS, 1.0 / days)
            habit[3] = max(ended, habit[3] * (1 - _FORGETS / 2))
        habit[0] = day
        habit[1] = 0.0
    habit[1] += amount
    return ended


def new_usual() -> Usual:
    """Return a distribution of nothing."""
    return [0.0] * _SIZES


def take_in(usual: Usual, amount: float) -> None:
    """Count one more size; what is old counts less and less."""
    usual[min(int(amount).bit_length(), _SIZES - 1)] += 1.0
    if usual[0] + sum(usual) > 4_096.0:
        usual[:] = [number * 0.5 for number in usual]


def most_usual(usual: Usual, share: float = 0.99, least: float = 20.0) -> float:
    """Return the size that so many stay within (up to the next power of 2); 0 where too few were seen."""
    total = sum(usual)
    if total < least:
        return 0.0
    left = total * (1 - share)
    for size in range(_SIZES - 1, 0, -1):
        left -= usual[size]
        if left < 0:
            return float((1 << size) - 1)
    return 0.0
