"""The scanner: finds weaknesses of a live API and proves each of them."""
