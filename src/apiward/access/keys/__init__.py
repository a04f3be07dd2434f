"""API keys that the guard itself gives out: their form, what they may do, and the ring that checks them."""
