"""Adverse impact: a job's group questions, a candidate's voluntary answers, and the report by group."""
