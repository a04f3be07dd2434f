"""What the readers of this package raise: the rule that was broken, with the place and a short fact."""

from apiward.core.decision import Decision


class UnfitError(ValueError):
    """A part of a request that cannot be read in one way only, or is too large."""

    def __init__(self, rule: str, place: str = "", saw: str = "") -> None:
        super().__init__(f"{rule} at {place}: {saw}")
        self.rule = rule
        self.place = place
        self.saw = saw

    def decision(self) -> Decision:
        """Return the refusal."""
        return Decision(self.rule, place=self.place, saw=self.saw)
