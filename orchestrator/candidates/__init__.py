"""A job's candidates as a table: sorted, filtered, with how their totals spread."""
