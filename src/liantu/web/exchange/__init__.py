"""Supply meets demand: one need or offer, answered at once."""
