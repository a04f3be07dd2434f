"""A memory of nonces that never forgets a living one."""

from apiward.access.nonces import NonceMemory, Taken
from tests.access.making import NOW_S


def test_nonce_memory_is_bounded() -> None:
    memory = NonceMemory(capacity=10)
    taken = [memory.take(str(number), NOW_S + 10, NOW_S) for number in range(20)]
    assert taken == [Taken.NEW] * 10 + [Taken.FULL] * 10
    assert memory.take("later", NOW_S + 50, NOW_S + 10) is Taken.NEW
