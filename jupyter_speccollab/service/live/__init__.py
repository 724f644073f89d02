"""Documents that are open: submissions are transformed, committed and broadcast."""
