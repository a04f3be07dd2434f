from apiward.stores.blocks.memory import Block
from apiward.stores.blocks.wide import Wide


def test_only_wide_ones_are_noted_until_they_end() -> None:
    wide = Wide()
    wide.note(Block(key, "x", 100.0) for key in ("user:1", "address:192.0.2.1", "operation:GET /a"))
    assert (wide.lengths, wide.has_tenants) == ((), False)
    wide.note([Block("network:192.0.2.0/24", "x", 100.0), Block("network:198.51.100.0/24", "x", 200.0)])
    wide.note([Block("network:2001:db8::/48", "x", 100.0)])
    wide.note([Block("tenant:acme/24", "x", 100.0)])
    assert (wide.lengths, wide.has_tenants) == ((24, 48), True)
    wide.forget(50.0)
    assert (wide.lengths, wide.has_tenants) == ((24, 48), True)
    wide.forget(100.0)
    assert (wide.lengths, wide.has_tenants) == ((24,), False)
    wide.note([Block("network:198.51.100.0/24", "", 0.0)])
    wide.note([Block("network:198.51.100.0/24", "", 0.0)])
    assert (wide.lengths, wide.has_tenants) == ((), False)
