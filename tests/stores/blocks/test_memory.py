from apiward.stores.blocks.memory import Block, MemoryBlocks


def test_a_block_holds_until_its_end_and_says_why() -> None:
    blocks = MemoryBlocks()
    blocks.block("user:42", reason="guessed passwords", until_s=100.0)
    assert blocks.reason("user:42", 99.0) == "guessed passwords"
    assert blocks.reason("user:42", 100.0) == ""
    assert blocks.reason("user:43", 99.0) == ""
    assert list(blocks.listed(99.0)) == [Block("user:42", "guessed passwords", 100.0)]
    assert list(blocks.listed(100.0)) == []


def test_a_block_without_a_reason_blocks_as_well() -> None:
    blocks = MemoryBlocks()
    blocks.block("user:42", reason="", until_s=100.0)
    assert blocks.reason("user:42", 99.0) == "blocked"


def test_who_is_unblocked_is_let_in() -> None:
    blocks = MemoryBlocks()
    blocks.block("user:42", reason="x", until_s=100.0)
    assert blocks.unblock("user:42")
    assert not blocks.unblock("user:42")
    assert blocks.reason("user:42", 1.0) == ""


def test_when_full_the_one_that_ends_first_makes_room() -> None:
    blocks = MemoryBlocks(most=2)
    for key, until_s in (("a", 10.0), ("b", 5.0), ("c", 7.0), ("c", 8.0)):
        blocks.block(key, reason="x", until_s=until_s)
    assert [block.key for block in blocks.listed(0.0)] == ["a", "c"]


def test_wide_ones_are_told() -> None:
    blocks = MemoryBlocks()
    assert (blocks.lengths, blocks.has_tenants) == ((), False)
    for key in ("network:192.0.2.0/24", "network:198.51.100.0/24", "tenant:acme"):
        blocks.block(key, reason="x", until_s=100.0)
    assert (blocks.lengths, blocks.has_tenants) == ((24,), True)
