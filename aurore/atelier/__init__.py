"""La mécanique des exercices. Elle ne connaît aucune leçon : tout lui vient des fiches.

    @exercise("corpus.cut_frame")
    def cut_frame(text: str) -> str:
        ...

Le décorateur trouve la fiche (`aurore/exercises/corpus.py`), reconnaît une ébauche vide, passe les
vérifications, montre le verdict, et laisse **toujours** une fonction qui marche : celle de la personne si elle
est validée, celle de la bibliothèque sinon.

Une fonction validée prend la place de la référence par le moyen le plus simple : `setattr(aurore.corpus,
"cut_frame", la_sienne)`. Tout ce qui, dans la bibliothèque, appelle `cut_frame` par son module appelle alors
la sienne, jusqu'à la fin de la séance.
"""

from IPython import get_ipython

from aurore.atelier import room, shell
from aurore.atelier.cards import Card, Check, Mistake, compare, equals
from aurore.atelier.decorator import exercise, restore, summary
from aurore.atelier.quiz import Option, Quiz, quiz
from aurore.atelier.runner import Verdict

if get_ipython() is not None:
    shell.soften(get_ipython())
    room.current()  # la première fiche saura ainsi si sa solution est ouverte

__all__ = [
    "Card",
    "Check",
    "Mistake",
    "Option",
    "Quiz",
    "Verdict",
    "compare",
    "equals",
    "exercise",
    "quiz",
    "restore",
    "summary",
]
