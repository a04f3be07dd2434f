"""What is raised where a text is no description of an API at all."""


class DescriptionError(Exception):
    """Nothing can be read. `found` is what the text is, `why` it will not do, `advice` what to do."""

    def __init__(self, found: str, why: str, advice: str) -> None:
        super().__init__(f"{found} {why} {advice}")
        self.found = found
        self.why = why
        self.advice = advice
