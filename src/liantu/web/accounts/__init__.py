"""People, departments, parks and enterprises; who may do what, and to which rows."""
