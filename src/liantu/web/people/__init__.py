"""The login, everybody's own account, and the pages of the three admins."""
