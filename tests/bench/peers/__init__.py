"""Other systems that the bench runs beside ours, one a file, and the programs that they are started by."""
