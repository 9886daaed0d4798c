"""Cases of any flow of `liantu.casework`: stored, stepped once, swept for what is late, and shown."""
