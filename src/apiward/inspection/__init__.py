"""Whether a piece of text is an attack, and of which class; pure, bounded and linear (used by guard and watch)."""
