"""The benchmark behind `make bench`: speed, memory and size, measured on the machine at hand."""
