"""Les leçons de l'atelier, une fois pour toutes : numéro, carnet, module, titre, minutes, route.

Tout ce qui nomme une leçon (carte de la route, fiches, solutions, essais) le demande ici. Un carnet porte un nom
français, son module un nom anglais : « 07_fine_tuning.ipynb » et `aurore/finetune.py` sont la même leçon.
"""

from dataclasses import dataclass
from pathlib import Path

from aurore.settings import ROOT, AuroreError

WORKSHOP, ENGINE, BONUS = "atelier", "moteur", "bonus"
# Ce que chaque route promet, en minutes ; le bonus se prend dans le désordre, à son heure.
ROUTES = {
    WORKSHOP: ("L'atelier, trois heures", 180),
    ENGINE: ("Le moteur, une demi-journée", 240),
    BONUS: ("Le bonus", None),
}


@dataclass(frozen=True)
class Lesson:
    """Une leçon.

    `notebook` nomme son carnet, `module` son module dans `aurore`, `aurore.exercises` et `aurore.widgets` ; `minutes`
    est la durée annoncée, bonus non compris ; `gives` dit en quelques mots ce qu'on y fait.
    """

    number: int
    notebook: str
    module: str
    title: str
    minutes: int
    route: str
    gives: str

    @property
    def label(self) -> str:
        """Le numéro et le titre, comme on les lit : « 07 Le fine-tuning »."""
        return f"{self.number:02} {self.title}"

    @property
    def path(self) -> Path:
        """Le fichier du carnet, qu'il existe ou non."""
        return ROOT / "notebooks" / f"{self.number:02}_{self.notebook}.ipynb"

    @property
    def is_open(self) -> bool:
        """Dit si le carnet est là."""
        return self.path.is_file()


LESSONS = (
    Lesson(0, "bienvenue", "bienvenue", "Bienvenue", 15, WORKSHOP, "voir un modèle écrire"),
    Lesson(1, "corpus", "corpus", "Le corpus", 40, WORKSHOP, "nettoyer les livres"),
    Lesson(2, "tokenizer", "tokenizer", "Le tokenizer", 30, WORKSHOP, "changer le texte en nombres"),
    Lesson(3, "neurone", "neuron", "Le neurone", 25, ENGINE, "apprendre par l'erreur"),
    Lesson(4, "attention", "attention", "L'attention", 40, ENGINE, "relier les mots"),
    Lesson(5, "gpt", "gpt", "GPT", 40, ENGINE, "assembler un GPT-2"),
    Lesson(6, "modeles", "models", "Les modèles", 20, ENGINE, "choisir d'où partir"),
    Lesson(7, "fine_tuning", "finetune", "Le fine-tuning", 40, WORKSHOP, "spécialiser sur Sand"),
    Lesson(8, "generation", "generation", "La génération", 30, WORKSHOP, "régler l'écriture"),
    Lesson(9, "evaluation", "evaluation", "L'évaluation", 25, WORKSHOP, "mesurer, honnêtement"),
    Lesson(10, "instructions", "instructions", "Les instructions", 40, BONUS, "répondre à une consigne"),
    Lesson(11, "dialogue", "dialogue", "Le dialogue", 35, BONUS, "se souvenir, oublier"),
    Lesson(12, "taches", "tasks", "Les tâches", 45, BONUS, "classer, extraire, traduire"),
    Lesson(13, "deploiement", "deploy", "Le déploiement", 35, BONUS, "alléger et servir"),
)


def find_lesson(name: str) -> Lesson:
    """La leçon que nomme son carnet ou son module ; dit lesquelles existent si celle-ci n'existe pas."""
    for lesson in LESSONS:
        if name in (lesson.notebook, lesson.module):
            return lesson
    known = ", ".join(lesson.notebook for lesson in LESSONS)
    raise AuroreError(f"La leçon « {name} » n'existe pas. Leçons connues : {known}.")
