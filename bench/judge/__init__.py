"""How well the judge with the embedded model agrees with people, and what it withstands."""
