"""A job's candidates: sorted, filtered, with how their totals spread."""
