"""Reading recordings that strangers sent: what is in them, on which clock, and what is missing.

Everything here but `process` runs in a child process with limits, so it imports nothing but PyAV and NumPy. Who wants
to read a recording calls `servicekit.decoding`.
"""
