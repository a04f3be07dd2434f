"""SQL as far as it takes to see whether a value leaves its place: tokens, folding, and the shapes that attack."""
