"""Les fiches d'exercices, une leçon par module."""
