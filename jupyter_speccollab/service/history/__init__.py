"""The history of a spec: revisions, the text of any version, diffs, and compaction."""
