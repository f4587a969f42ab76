"""Les familles de valeurs que `aurore/atelier/differences.py` compare : textes, nombres, suites, tableaux, types."""
