"""Keys to the programming interface: what a program may do in a person's name, and until when."""
