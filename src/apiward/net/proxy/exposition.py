"""Writes what was counted in Prometheus' text format 0.0.4: counters, gauges and histograms."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from apiward.net.proxy.tallies import Meter

BUCKET: Final = "_bucket"
"""Ends the name of what counts the values within one limit of a histogram: each once, here they add up."""
_SUM: Final = "_sum"


def exposition(sums: Mapping[Meter, float]) -> str:
    """Return `sums` as text. Meters of a family come together; buckets are in the order of their limits."""
    histograms = {_plain(meter).removesuffix(BUCKET) for meter in sums if _is_bucket(meter)}
    families: dict[str, list[tuple[Meter, float]]] = {}
    for meter, value in sums.items():
        whole = _plain(meter).removesuffix(BUCKET).removesuffix(_SUM)
        families.setdefault(whole if whole in histograms else _plain(meter), []).append((meter, value))
    return "".join(f"{line}\n" for name, found in families.items() for line in _lines(name, found))


def _lines(name: str, found: list[tuple[Meter, float]]) -> list[str]:
    first = found[0][0]
    buckets = [(meter, value) for meter, value in found if _is_bucket(meter)]
    kind = "histogram" if buckets else "gauge" if first.is_gauge else "counter"
    upto = accumulate(value for _, value in buckets)
    lines = [f"{meter.name} {value:.15g}" for (meter, _), value in zip(buckets, upto, strict=True)]
    lines += [f"{meter.name} {value:.15g}" for meter, value in found if not _is_bucket(meter)]
    if buckets:
        lines.append(f"{name}_count {sum(value for _, value in buckets):.15g}")
    return [f"# HELP {name} {first.help}", f"# TYPE {name} {kind}", *lines]


def _plain(meter: Meter) -> str:
    return meter.name.partition("{")[0]


def _is_bucket(meter: Meter) -> bool:
    return _plain(meter).endswith(BUCKET)
