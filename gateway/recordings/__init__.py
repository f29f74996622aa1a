"""What candidates recorded, to be played beside what was made of it."""
