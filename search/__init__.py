"""The core: text, vectors, the index on disk, ranking."""
