"""The words everything else is said in: errors, messages, registries, clocks and identifiers."""
