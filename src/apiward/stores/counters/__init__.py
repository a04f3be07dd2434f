"""Sliding-window counters: of one process, or shared by all workers of one guard."""
