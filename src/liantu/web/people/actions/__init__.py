"""What is written: people, roles, places. Each deed and its event in one transaction."""
