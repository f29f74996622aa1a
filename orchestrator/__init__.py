"""Owns sessions: durable workflows, the rows people list, the fused result, and the gRPC API over them."""
