"""The whole system on one machine: every process on loopback, supervised, with its state in one folder."""
