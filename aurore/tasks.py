"""Leçon 12 : ce que l'on fait d'un modèle, hors écrire. Chaque tâche a son module ; la leçon les présente ici."""

from aurore.classify import SandClassifier, sand_classifier

# La leçon présente ces fonctions ici ; chacune vit dans le module de sa tâche.
__all__ = ["SandClassifier", "sand_classifier"]
