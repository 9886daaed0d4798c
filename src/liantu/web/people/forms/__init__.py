"""Forms of the login and of the admins."""
