"""Reading recordings that strangers sent: what is in them, on which clock, and what is missing.

Everything here runs in a process with limits, so it imports nothing but PyAV and NumPy, except the caller's side:
`process`, `decoders` and `progress`. Who wants to read a recording calls `servicekit.decoding`.
"""
