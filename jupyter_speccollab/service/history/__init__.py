"""Versions and revisions of a spec: snapshots, any version, compaction."""
