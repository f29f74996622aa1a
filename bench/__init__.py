"""Measurements that anyone can run again. They print figures beside targets and never fail on them."""
