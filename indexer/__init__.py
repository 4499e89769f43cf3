"""The write path: source files in, a new generation of the index out."""
