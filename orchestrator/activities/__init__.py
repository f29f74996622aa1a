"""Activities: the only place where workflows touch the world. Every one may run again with the same result."""
