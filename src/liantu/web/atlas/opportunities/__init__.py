"""The opportunities list: gaps that somebody sent to be worked on, each with owner and state."""
