"""The ledger of figures: each with its source, and the checks that find what can't be true."""
