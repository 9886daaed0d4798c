"""The tables, declared field by field. Read them through `liantu.data.schema`."""
