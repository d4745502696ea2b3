"""退回: a faulty workbook goes back to its owner as it came, with the faulty cells marked, and a letter beside it."""
