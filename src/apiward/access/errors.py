"""What is wrong with settings or with a file of keys."""


class AccessError(ValueError):
    """Stops the start. `key` is the setting at fault, the message says what was found and what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"{key}: {message}" if key else message)
        self.key = key
