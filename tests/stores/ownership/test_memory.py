from apiward.stores.ownership.memory import MemoryFacts


def test_the_first_ones_go_first() -> None:
    facts = MemoryFacts(2)
    for number in (1, 2, 3):
        facts.put(number, number)
    assert [facts.get(number) for number in (1, 2, 3)] == [0, 2, 3]
    facts.put(3, 0)
    assert len(facts) == 1


def test_merge_adds_bits() -> None:
    facts = MemoryFacts()
    facts.put(1, 1 << 16 | 7)
    assert facts.merge(1, 2 << 16, 9) == 1 << 16 | 7
    assert facts.get(1) == 3 << 16 | 9
