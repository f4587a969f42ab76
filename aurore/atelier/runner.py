"""Exécuter le code d'une autre personne sans rien y perdre : délai, sorties, état du monde, erreurs en français."""

import builtins
import contextlib
import ctypes
import io
import linecache
import os
import random
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aurore.atelier.cards import Card, Mistake

SECONDS = 4.0  # pour toutes les vérifications d'un exercice : une boucle sans fin se voit avant cinq secondes
TODO, VALID, ALMOST, SOLUTION = "à compléter", "validé", "presque", "solution"


@dataclass(frozen=True)
class Verdict:
    """Ce que valent les vérifications d'un exercice.

    `status` est « à compléter », « validé », « presque » ou « solution ». Pour « presque » : `check` nomme la
    propriété qui manque, `given`, `got` et `expected` la montrent, `hint` aide, `where` dit la ligne fautive.
    """

    status: str
    check: str = ""
    given: str = ""
    got: str = ""
    expected: str = ""
    hint: str = ""
    where: str = ""
    output: str = ""
    passed: tuple[str, ...] = field(default=())


class _Stopped(BaseException):
    """Injectée dans le fil qui boucle ; pas une `Exception`, pour traverser les « except Exception »."""


def run_checks(card: Card, function: Callable, seconds: float | None = None) -> Verdict:
    """Passe les vérifications d'une fiche sur une fonction et rend le verdict ; ne lève jamais."""
    seconds = SECONDS if seconds is None else seconds
    passed: list[str] = []
    outcome: list[Verdict] = []
    output = _BoundedOutput()

    def work() -> None:
        try:
            for check in card.checks:
                current[0] = check.name
                check.test(function)
                passed.append(check.name)
            outcome.append(Verdict(VALID))
        except Mistake as mistake:
            outcome.append(Verdict(ALMOST, current[0], mistake.given, mistake.got, mistake.expected, mistake.hint))
        except _Stopped:
            pass
        except BaseException as error:  # SystemExit et KeyboardInterrupt compris : rien ne doit fermer le carnet
            outcome.append(_explain(current[0], error, function))

    current = [""]
    with preserved_world(), contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            _stop(thread)
    verdict = outcome[0] if outcome else _endless(current[0], seconds)
    return Verdict(**{**verdict.__dict__, "output": output.text(), "passed": tuple(passed)})


def _endless(check: str, seconds: float) -> Verdict:
    hint = f"Votre fonction tournait encore après {seconds:g} secondes : une boucle ne finit pas. Qu'est-ce qui change à chaque tour ?"
    return Verdict(ALMOST, check, hint=hint)


def _stop(thread: threading.Thread) -> None:
    """Arrête un fil par une exception injectée, sur tous les systèmes ; abandonne s'il n'écoute pas.

    Un calcul bloqué hors de Python (une attente, une expression régulière) ne reçoit l'exception qu'à son
    retour ; le fil est un « démon » : il n'empêche pas le carnet de continuer.
    """
    for _ in range(10):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Stopped))
        thread.join(0.05)
        if not thread.is_alive():
            return


# --- Sorties et état ------------------------------------------------------------------------------------


class _BoundedOutput(io.TextIOBase):
    """Garde le début de ce qui s'affiche et compte le reste : un million de lignes ne noient pas le carnet."""

    LIMIT = 2000

    def __init__(self) -> None:
        self._kept, self._size, self._lines = [], 0, 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._size < self.LIMIT:
            self._kept.append(text[: self.LIMIT - self._size])
        else:
            self._lines += text.count("\n")
        self._size += len(text)
        return len(text)

    def text(self) -> str:
        kept = "".join(self._kept).rstrip()
        return f"{kept}\n[… {self._lines} lignes de plus]" if self._lines else kept


@contextlib.contextmanager
def preserved_world() -> Iterator[None]:
    """Rend à l'identique fonctions natives, dossier courant, variables d'environnement, hasard et récursion."""
    saved = (
        dict(vars(builtins)),
        Path.cwd(),
        dict(os.environ),
        random.getstate(),
        sys.getrecursionlimit(),
        list(sys.path),
    )
    try:
        yield
    finally:
        natives, folder, environment, chance, recursion, path = saved
        for name in set(vars(builtins)) - set(natives):
            delattr(builtins, name)
        vars(builtins).update(natives)
        os.chdir(folder)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        random.setstate(chance)
        sys.setrecursionlimit(recursion)
        sys.path[:] = path


# --- Les erreurs, en français ---------------------------------------------------------------------------


def _explain(check: str, error: BaseException, function: Callable) -> Verdict:
    """Montre une erreur à la ligne de la personne, sans les cadres de la mécanique, avec une phrase d'aide."""
    where = _learner_line(error, function)
    return Verdict(
        ALMOST, check, got=f"{type(error).__name__} : {error}", hint=explain_error(error, function), where=where
    )


def _learner_line(error: BaseException, function: Callable) -> str:
    code = getattr(function, "__code__", None)
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if code and frame.filename == code.co_filename
    ]
    if not frames:
        return ""
    line = linecache.getline(frames[-1].filename, frames[-1].lineno).strip()
    return f"ligne {frames[-1].lineno - code.co_firstlineno + 1} de votre cellule : {line}" if line else ""


def explain_error(error: BaseException, function: Callable) -> str:
    """Une phrase d'aide pour les erreurs courantes ; une phrase générale pour les autres."""
    text = str(error)
    shadowed = [
        name for name in getattr(function, "__globals__", {}) if name in vars(builtins) and not name.startswith("_")
    ]
    if shadowed and isinstance(error, TypeError) and "not callable" in text:
        return f"Le nom « {shadowed[0]} », qui appartient à Python, a été redéfini dans le carnet. Effacez-le avec « del {shadowed[0]} »."
    for kind, fragment, advice in _ADVICE:
        if isinstance(error, kind) and fragment in text:
            return advice.format(name=getattr(error, "name", None) or "?")
    return "Lisez le message ci-dessus : il dit ce que Python n'a pas pu faire."


_ADVICE: tuple[tuple[type, str, str], ...] = (
    (
        UnboundLocalError,
        "",
        "Une variable est lue avant d'avoir reçu une valeur dans la fonction. Donnez-lui-en une au début.",
    ),
    (NameError, "self", "Dans une méthode, « self » doit être le premier paramètre."),
    (NameError, "", "Le nom « {name} » n'existe pas. Est-il bien orthographié, et défini avant cette ligne ?"),
    (
        TypeError,
        "positional argument",
        "Le nombre d'arguments ne va pas. Dans une méthode, le premier paramètre doit être « self ».",
    ),
    (TypeError, "NoneType", "Une valeur vaut None : une fonction appelée ici n'a sans doute pas de « return »."),
    (
        TypeError,
        "",
        "Une opération reçoit un type qui ne lui convient pas. Affichez type(…) des valeurs de cette ligne.",
    ),
    (
        AttributeError,
        "NoneType",
        "Une valeur vaut None : une fonction appelée ici n'a sans doute pas de « return », ou une recherche n'a rien trouvé.",
    ),
    (AttributeError, "", "Cet objet n'a pas d'attribut « {name} ». Vérifiez son type et l'orthographe."),
    (IndexError, "", "Un indice dépasse la longueur. Les indices vont de 0 à len(…) - 1."),
    (KeyError, "", "Cette clé n'est pas dans le dictionnaire. Essayez .get(…), ou vérifiez la clé."),
    (
        RecursionError,
        "",
        "La fonction s'appelle elle-même sans jamais s'arrêter. Quel est le cas qui met fin aux appels ?",
    ),
    (ZeroDivisionError, "", "Une division par zéro : quel cas rend le diviseur nul ?"),
    (
        UnicodeDecodeError,
        "",
        "Ces octets ne sont pas dans l'encodage demandé. Essayez-en un autre quand celui-ci échoue.",
    ),
    (NotImplementedError, "", "La fonction dit elle-même qu'elle n'est pas finie."),
    (RuntimeError, "shape", "Les formes des tenseurs ne s'accordent pas. Affichez .shape de chacun avant cette ligne."),
    (RuntimeError, "size", "Les formes des tenseurs ne s'accordent pas. Affichez .shape de chacun avant cette ligne."),
    (ValueError, "", "Une valeur n'a pas la forme attendue. Affichez-la juste avant cette ligne."),
    (SystemExit, "", "« exit » et « quit » ferment tout ; une fonction rend plutôt une valeur avec « return »."),
)
