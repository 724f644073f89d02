"""Real PostgreSQL and Redis for tests: started from what is installed, ended with the run."""
