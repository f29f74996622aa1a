"""Words about persons in rows: encrypted with the keys of their sessions, opened where they are shown."""
