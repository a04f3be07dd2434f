"""What several authentication checks share: forged tokens, guessed keys, differences between answers."""
