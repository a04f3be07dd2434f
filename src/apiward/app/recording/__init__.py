"""The record, as its owner works with it: looked at, checked, copied, moved, erased from, sent elsewhere."""
