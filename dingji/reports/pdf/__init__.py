"""Word papers as PDF: what a paper says and how it looks, read from the .docx as data, and set by typst."""
