"""The audit chain: who reads is recorded, the chain is given out, receipts of deletions are shown."""
