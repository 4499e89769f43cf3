"""How large an archive may grow: measured per passage, modelled, simulated, and written as docs/SCALE.md."""
