from apiward.guard.conducts.recent import Recent


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    memory: Recent[str, int] = Recent(2)
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1
    memory.put("c", 3)
    assert memory.get("b") is None
    assert (memory.get("a"), memory.get("c"), len(memory)) == (1, 3, 2)


def test_forgetting() -> None:
    memory: Recent[str, int] = Recent(2)
    memory.put("a", 1)
    memory.drop("a")
    memory.drop("never")
    assert memory.get("a") is None
