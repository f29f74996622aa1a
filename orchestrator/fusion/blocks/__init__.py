"""The result's blocks as types: what the pure functions build and what is published. Field names are the JSON's keys.

Keys of the original keep their names and order, whatever language they are in. None means: not measured.
"""
