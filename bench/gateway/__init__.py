"""The gateway under load: pollers over many sessions, large uploads, pages and report."""
