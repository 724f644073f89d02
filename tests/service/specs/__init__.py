"""Tests of the services about whole specs."""
