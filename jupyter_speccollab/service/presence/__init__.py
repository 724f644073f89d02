"""Who is in a document: sessions, cursors, and the rows that tell of them."""
