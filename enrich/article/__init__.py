"""From the bytes of a news page to its article: main text in blocks, title, date, language, people."""
