"""A person's decision on a session, a candidate's objection, and the audit."""
