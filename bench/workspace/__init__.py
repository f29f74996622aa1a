"""The recruiter's pages: a job's candidates as a table, and some of them side by side."""
