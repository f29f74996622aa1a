"""Real servers on loopback that stand in for a cluster's: for tests and for the rehearsal."""
