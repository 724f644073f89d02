"""Reading Markdown texts: front matter and summaries of changes, without I/O."""
