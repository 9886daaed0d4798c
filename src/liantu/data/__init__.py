"""Data packages and workbooks in and out."""
