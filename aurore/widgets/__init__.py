"""Les figures des leçons, une leçon par module ; chacune porte son équivalent en texte."""
