"""Results as people and machines read them: terminal, workbook, JSON. No arithmetic of its own."""
