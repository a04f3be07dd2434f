"""What a piece of data is: personal data, card numbers, health words, secrets, tokens, identifiers."""
