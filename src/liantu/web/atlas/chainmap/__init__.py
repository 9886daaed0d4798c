"""The chain map: which flows are shown, where each plant stands, what is drawn."""
