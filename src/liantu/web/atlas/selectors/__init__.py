"""What pages read from the city, one module a page; nothing here changes anything."""
