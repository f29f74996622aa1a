"""What holds for every HTTP request: hosts, headers, caching, and how errors are answered."""
