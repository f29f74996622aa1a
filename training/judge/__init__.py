"""How the judge's learned parts are made from graded answers."""
