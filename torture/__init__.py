"""The system under torture: hostile recordings, dying processes, many callers; what must be zero is counted."""
