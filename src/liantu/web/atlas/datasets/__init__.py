"""The city's tables: uploaded or edited, checked, compared, committed as versions, and kept fresh."""
