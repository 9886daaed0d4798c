"""The pages of a city: a read-only viewer of one data package, solved when it starts."""
