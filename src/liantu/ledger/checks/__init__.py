"""The checks, one a file: each a formula, an exact test of one series, and a screen for many."""
