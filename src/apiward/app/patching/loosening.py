"""The next best rule, for where the best one shuts out those whose things they are."""

from dataclasses import replace

from apiward.app.patching.cases import Rule


def loosened(rule: Rule) -> Rule | None:
    """Return what holds the same by weaker means, or None where there is nothing.

    A field that names the owner helps only where the guard knows the caller by that name. Behind a log-in that says
    nothing of itself it knows whose an object is by who made it and who was shown it.
    """
    if rule.table != "object" or "owner_field" not in rule.values:
        return None
    return replace(rule, values={name: value for name, value in rule.values.items() if name != "owner_field"})
