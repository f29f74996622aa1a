"""REST, progress events and pages over the orchestrator's gRPC API."""
