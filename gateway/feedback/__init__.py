"""What a candidate finds under their link afterwards: the letter, and how to object."""
