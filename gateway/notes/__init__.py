"""What people note on a session: the shortlist and comments."""
