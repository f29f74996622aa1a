"""Parts of the object store: connections, encryption, and what counts what streams by."""
