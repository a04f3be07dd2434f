"""How a rule says that it cannot be used."""


class SigmaError(ValueError):
    """One rule cannot be used: in which file and line, `what` is wrong, and what to do instead.

    Nothing of a rule is left out in silence: what is not understood is an error.
    """

    def __init__(self, what: str, advice: str = "", *, file: str = "", line: int = 0) -> None:
        place = ", ".join(filter(None, (file, f"line {line}" if line else "")))
        super().__init__(" ".join(filter(None, (f"{place}: {what}" if place else what, advice))))
        self.what = what
        self.advice = advice
        self.file = file
        self.line = line
