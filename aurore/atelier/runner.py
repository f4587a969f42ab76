"""Exécuter le code d'une autre personne sans rien y perdre : délai, sorties, état du monde, erreurs en français."""

import builtins
import contextlib
import ctypes
import functools
import inspect
import io
import json
import linecache
import locale
import os
import random
import re
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from aurore.atelier import modules
from aurore.atelier.cards import Card, Mistake
from aurore.atelier.differences import cut, decimal, show_arguments
from aurore.atelier.source import calls_through_a_module, can_end_without_return, returns_none_in_words
from aurore.atelier.sql import explain_sql
from aurore.atelier.substitution import reference, tried

# Pour toutes les vérifications d'un exercice. Avec le temps d'arrêter le fil, une boucle sans fin est dite
# avant cinq secondes.
SECONDS = 3.5
LATE = "Votre fonction tournait encore après"
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


def run_checks(card: Card, function: Callable, seconds: float | None = None) -> Verdict:
    """Passe les vérifications d'une fiche sur une fonction et rend le verdict ; ne lève jamais.

    La fonction est éprouvée comme le carnet l'appellera : son nom, dans le carnet et dans la bibliothèque, est le sien.
    """
    seconds = SECONDS if seconds is None else seconds
    current = [""]
    passed: list[str] = []
    outcome: list[Verdict] = []
    output = _BoundedOutput()
    reference(card)  # retenue d'abord : rendre les bibliothèques l'oublierait, et la réponse passerait pour elle
    natives, give_back = dict(_NATIVES), modules.snapshot()
    witness = _Witness(function)
    # Un verrou nu : un fil interrompu pendant `join` passe pour arrêté, et un `Event` a besoin de `len`.
    running = threading.Lock()
    running.acquire()
    given_up: list[bool] = []  # on n'attend plus ce fil

    def mend() -> None:
        _NATIVES.update(natives)  # d'abord : tout ce qui suit s'en sert
        give_back()

    def work() -> None:
        try:
            for check in card.checks:
                current[0] = check.name
                check.test(witness.function)
                passed.append(check.name)
            outcome.append(Verdict(VALID))
        except Mistake as mistake:
            hint = mistake.hint + _missing_return(mistake, function)
            outcome.append(Verdict(ALMOST, current[0], mistake.given, mistake.got, mistake.expected, hint))
        except BaseException as error:  # SystemExit et KeyboardInterrupt compris : rien ne doit fermer le carnet
            if given_up:  # il a fini trop tard : rendre l'état d'avant déferait ce qui s'est installé depuis
                return
            mend()  # l'explication a besoin de fonctions natives et de bibliothèques intactes
            outcome.append(_explain(current[0], error, card, function, witness.given))
        finally:
            running.release()

    with (
        _StopButton() as button,
        _preserved_names(function),
        preserved_world(),
        _nobody_there(function),
        tried(card, function),
        witness,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        _names(function)[card.function] = function
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        late = button.outlasted(running, seconds)
        stopped = not late or _stop(thread)
        if not stopped:
            given_up.append(True)
        mend()
        shown = output.text()
    verdict = late(current[0], seconds, stopped, witness.given) if late else outcome[0]
    return Verdict(**{**verdict.__dict__, "output": shown, "passed": tuple(passed)})


def _missing_return(mistake: Mistake, function: Callable) -> str:
    """La phrase qui explique un None, quand le code prouve qu'un chemin n'a pas de « return ».

    Un « return None » écrit peut l'avoir rendu aussi : on ne sait pas lequel des deux chemins fut pris.
    """
    explained = "return" in mistake.hint
    if mistake.got != "None" or explained or not can_end_without_return(function):
        return ""
    if returns_none_in_words(function):
        return " Votre fonction peut rendre None de deux façons : par le « return None » qui y est écrit, ou en arrivant à sa fin."
    return " Un chemin de votre fonction arrive à sa fin sans « return »."


def _endless(check: str, seconds: float, stopped: bool, given: str) -> Verdict:
    hint = (
        f"{LATE} {decimal(seconds)} secondes : elle ne finit pas, ou elle est bien trop "
        "lente. Dans une boucle « while », qu'est-ce qui change à chaque tour ?"
    )
    return Verdict(ALMOST, check, given, hint=hint + ("" if stopped else _STUCK))


def _interrupted(check: str, seconds: float, stopped: bool, given: str) -> Verdict:
    hint = "Vous avez arrêté la vérification : votre fonction n'est pas jugée. Relancez la cellule pour recommencer."
    return Verdict(ALMOST, check, given, hint=hint + ("" if stopped else _STUCK))


_STUCK = " Rien n'a pu l'arrêter : redémarrez le noyau quand vous l'aurez corrigée (menu Noyau, Redémarrer)."


class _StopButton:
    """Le bouton « arrêter », pendant un essai : il n'arrête que l'attente, jamais le rangement qui la suit.

    Une interruption tombe n'importe où : pendant qu'on rend les bibliothèques, elle les laisserait à moitié rendues. Celle
    qui vient avant l'attente est retenue, celles qui viennent après sont sans effet.
    """

    def __init__(self) -> None:
        self._pressed = self._waiting = False
        self._usual: Any = None

    def __enter__(self) -> "_StopButton":
        with contextlib.suppress(ValueError):  # hors du fil principal, aucune interruption n'arrive
            self._usual = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *_: Any) -> None:
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def _press(self, *_: Any) -> None:
        self._pressed = True
        if self._waiting:
            self._waiting = False  # une fois suffit
            raise _PRESSED

    def outlasted(self, running: threading.Lock, seconds: float) -> Callable[..., Verdict] | None:
        """Attend que le verrou s'ouvre ; sinon, rend de quoi dire pourquoi l'on n'attend plus."""
        try:
            self._waiting = True
            done = not self._pressed and running.acquire(timeout=seconds)
            self._waiting = False
        except _PRESSED:
            return _interrupted
        return None if done else _interrupted if self._pressed else _endless


_PRESSED = KeyboardInterrupt  # sous un nom qu'une réponse ne peut pas remplacer


class _Witness:
    """Retient l'entrée du dernier appel fait par une vérification : c'est elle qui aura levé l'exception.

    Une fonction est enveloppée ; d'une classe, chaque méthode l'est, le temps de l'essai. Les appels qu'une réponse
    se fait à elle-même ne comptent pas.
    """

    def __init__(self, function: Callable) -> None:
        self.given, self._depth, self._learner = "", 0, function
        self.function = function if inspect.isclass(function) else self._watched(function)
        self._methods: dict[str, Callable] = {}

    def _watched(self, function: Callable, skipped: int = 0) -> Callable:
        @functools.wraps(function)
        def watched(*arguments: Any, **named: Any) -> Any:
            if not self._depth:
                self.given = show_arguments([*arguments[skipped:], *named.values()])
            self._depth += 1
            try:
                return function(*arguments, **named)
            finally:
                self._depth -= 1

        return watched

    def __enter__(self) -> None:
        if inspect.isclass(self._learner):
            self._methods = {name: held for name, held in vars(self._learner).items() if inspect.isfunction(held)}
            for name, held in self._methods.items():
                setattr(self._learner, name, self._watched(held, skipped=1))

    def __exit__(self, *_: Any) -> None:
        for name, held in self._methods.items():
            setattr(self._learner, name, held)


def _silent(_: Any) -> None:
    """Ne dit rien d'une exception."""


def _stop(thread: threading.Thread) -> bool:
    """Arrête un fil par une exception injectée, sur tous les systèmes ; dit s'il s'est arrêté, l'abandonne sinon.

    Une boucle peut attraper l'exception (`except:`). On la renvoie donc sans cesse pendant une demi-seconde, en
    demandant à Python de passer d'un fil à l'autre à chaque pas : presque toujours, elle finit par tomber hors du
    `try`. Un fil qui attend hors de Python (`sleep`, le réseau) ne l'entend qu'à son retour ; c'est un « démon », il
    n'empêche pas le carnet de continuer. Pour un calcul en C qui ne rend jamais la main, voir `watchdog`.
    """
    interval, hooks = sys.getswitchinterval(), (threading.excepthook, sys.unraisablehook)
    end = time.monotonic() + 0.5
    sys.setswitchinterval(1e-6)
    threading.excepthook, sys.unraisablehook = _silent, _silent  # l'exception peut tomber quand le fil se range
    try:
        while thread.is_alive() and time.monotonic() < end:
            # SystemExit : si elle arrive après ce délai, elle finit le fil sans rien afficher.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit))
            thread.join(1e-4)
    finally:
        sys.setswitchinterval(interval)
        threading.excepthook, sys.unraisablehook = hooks
    return not thread.is_alive()


# --- Sorties et état ------------------------------------------------------------------------------------


class _BoundedOutput(io.TextIOBase):
    """Garde le début de ce qui s'affiche et compte le reste : un million de lignes ne noient pas le carnet."""

    LIMIT = 2000

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._size = self._lines = 0

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
        if self._size <= self.LIMIT:
            return kept
        return f"{kept}\n[… {self._lines} lignes de plus]" if self._lines else f"{kept} [… la suite est coupée]"


_NATIVES = vars(builtins)  # à la main, car `vars` lui-même peut avoir été remplacé


def _set_path(path: list[str]) -> None:
    sys.path[:] = path


def _set_environment(environment: dict[str, str]) -> None:
    if dict(os.environ) != environment:
        os.environ.clear()
        os.environ.update(environment)


# Ce qu'une fonction peut dérégler autour d'elle : comment le lire, comment le remettre.
_WORLD: tuple[tuple[Callable[[], Any], Callable[[Any], Any]], ...] = (
    (Path.cwd, os.chdir),
    (lambda: dict(os.environ), _set_environment),
    (lambda: list(sys.path), _set_path),
    (lambda: locale.setlocale(locale.LC_ALL), lambda name: locale.setlocale(locale.LC_ALL, name)),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (random.getstate, random.setstate),
    (np.random.get_state, np.random.set_state),
)


@contextlib.contextmanager
def preserved_world() -> Iterator[None]:
    """Rend à l'identique fonctions natives, dossier, environnement, réglages et hasards (celui de PyTorch compris)."""
    natives = dict(_NATIVES)
    saved = [(put, get()) for get, put in _WORLD]
    torch = sys.modules.get("torch")  # la mécanique ne l'importe pas : elle ne fait que le ranger
    if hasattr(torch, "get_rng_state"):
        saved.append((torch.set_rng_state, torch.get_rng_state()))
        saved.append((torch.set_default_dtype, torch.get_default_dtype()))
    try:
        with warnings.catch_warnings():
            yield
    finally:
        _NATIVES.update(natives)  # d'abord : tout ce qui suit s'en sert
        for name in set(_NATIVES) - set(natives):
            del _NATIVES[name]
        for put, value in saved:
            put(value)


def _names(function: Callable) -> dict[str, Any]:
    """Les noms que la fonction voit autour d'elle : ceux du carnet."""
    module = sys.modules.get(getattr(function, "__module__", None) or "")  # pour une classe
    return getattr(function, "__globals__", None) or (vars(module) if module else {})


@contextlib.contextmanager
def _preserved_names(function: Callable) -> Iterator[None]:
    """Remet les variables du carnet qu'une instruction `global` aurait changées."""
    names = _names(function)
    saved = dict(names)
    try:
        yield
    finally:
        for name in set(names) - set(saved):
            del names[name]
        names.update(saved)


@contextlib.contextmanager
def _nobody_there(function: Callable) -> Iterator[None]:
    """Pendant un essai, personne ne répond à `input`, et `exit` ne ferme pas le noyau : tous deux lèvent une erreur.

    À employer dans `preserved_world` et `_preserved_names`, qui remettent ensuite les vrais.
    """

    def ask(*_: Any) -> None:
        raise EOFError("personne ne répond pendant une vérification")

    def leave(*_: Any) -> None:
        raise SystemExit("la fonction demande à tout fermer")

    _NATIVES.update(input=ask, exit=leave, quit=leave)
    names = _names(function)
    names.update({name: leave for name in ("exit", "quit") if name in names})  # IPython met les siens dans le carnet
    yield


# --- Les erreurs, en français ---------------------------------------------------------------------------


def _explain(check: str, error: BaseException, card: Card, function: Callable, given: str) -> Verdict:
    """Montre une erreur à la ligne de la personne, avec l'entrée qui l'a levée et une phrase d'aide."""
    hint = explain_error(error, function)
    if isinstance(error, RecursionError) and calls_through_a_module(function, card.function):
        hint = (
            f"Votre fonction prend la place de « {card.id} » : si elle l'appelle, elle s'appelle elle-même, sans fin."
        )
    return Verdict(
        ALMOST,
        check,
        given,
        got=f"{type(error).__name__} : {_message(error)}".removesuffix(" : "),
        hint=hint,
        where=_learner_line(error, function),
    )


def _message(error: BaseException) -> str:
    try:
        return cut(str(error), 400)
    except Exception:  # une exception écrite par la personne peut être fausse
        return "?"


def _learner_frames(error: BaseException, function: Callable) -> list[traceback.FrameSummary]:
    pieces = vars(function).values() if inspect.isclass(function) else [function]
    files = {piece.__code__.co_filename for piece in pieces if hasattr(piece, "__code__")}
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]


def _learner_line(error: BaseException, function: Callable) -> str:
    frames = _learner_frames(error, function)
    return where(frames[-1].filename, frames[-1].lineno) if frames else ""


def where(filename: str, number: int) -> str:
    """Une ligne de la cellule, telle qu'on la montre. IPython fait de chaque cellule un fichier, compté depuis 1."""
    line = linecache.getline(filename, number).strip()
    return f"ligne {number} de votre cellule : {line}" if line else ""


def explain_error(error: BaseException, function: Callable) -> str:
    """Une phrase d'aide pour les erreurs courantes ; une phrase générale pour les autres."""
    text = _message(error)
    names = _names(function)
    shadowed = [name for name in names if name in _NATIVES and not name.startswith("_") and not callable(names[name])]
    if shadowed and isinstance(error, TypeError) and "not callable" in text:
        return f"Le nom « {shadowed[0]} », qui appartient à Python, a été redéfini dans le carnet. Effacez-le avec « del {shadowed[0]} »."
    outside = not _learner_frames(error, function)
    if outside and isinstance(error, TypeError) and _SIGNATURE.search(text):
        return (
            "Le nombre d'arguments ne va pas. Dans une classe, le premier paramètre de chaque méthode est « self »."
            if inspect.isclass(function)
            else "Votre fonction n'accepte pas les arguments prévus. Comparez sa ligne « def » à celle de l'exercice."
        )
    frames = _learner_frames(error, function)
    raised = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    if frames and raised and raised.filename == frames[-1].filename and _raises(raised, error):
        return (
            "C'est le « raise » de votre fonction qui a levé cette erreur : elle n'est pas attendue pour cette entrée."
        )
    return (
        explain_sql(error)
        or _explain_sizes(text)
        or next(
            (
                advice.format(name=getattr(error, "name", None) or "?")
                for kind, fragment, advice in _ADVICE
                if isinstance(error, kind) and fragment in text
            ),
            "Lisez le message ci-dessus : il dit ce que Python n'a pas pu faire.",
        )
    )


def _explain_sizes(text: str) -> str:
    """La phrase de deux tenseurs qu'une opération ne peut aligner, avec leurs tailles."""
    found = _SIZES.search(text)
    if not found:
        return ""
    one, other, axis = found.groups()
    return (
        f"Les formes des tenseurs ne s'accordent pas : alignées par le dernier axe, l'une a {one} places et l'autre {other} "
        f"sur l'axe {axis}. Affichez .shape de chacun avant cette ligne."
    )


def _raises(frame: traceback.FrameSummary, error: BaseException) -> bool:
    """La ligne lève elle-même cette erreur ; `NotImplementedError`, qui dit que rien n'est fini, a sa propre phrase."""
    named = re.match(rf"raise\s+([\w.]+\.)?{type(error).__name__}\b", (frame.line or "").strip())
    return bool(named) and isinstance(error, Exception) and not isinstance(error, NotImplementedError)


_SIZES = re.compile(
    r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)"
)
_SIGNATURE = re.compile(r"takes .*arguments?|missing \d+ required|unexpected keyword|multiple values for")

_NONE = (
    "Une valeur vaut None à cette ligne. Elle vient d'un argument, d'une recherche qui n'a rien trouvé, ou d'une fonction "
    "sans « return » : affichez-la juste avant."
)
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
        "transpose() ",
        "transpose échange deux axes, et deux seulement ; permute les range tous dans l'ordre qu'on lui donne.",
    ),
    (
        TypeError,
        "Tensor.index()",
        "Un tenseur n'a pas le « index » des listes : .tolist() en fait une liste.",
    ),
    (TypeError, "'CursorResult' object", "Un résultat de requête se lit d'abord : .all() en fait une liste."),
    (
        TypeError,
        "positional argument",
        "Le nombre d'arguments ne va pas. Dans une méthode, le premier paramètre doit être « self ».",
    ),
    (
        TypeError,
        "torch.nn.Parameter or None expected",
        "Une couche range ses poids en nn.Parameter. Pour n'en changer que les nombres, écrivez dans .data.",
    ),
    (TypeError, "NoneType", _NONE),
    (
        TypeError,
        "unhashable type",
        "Un ensemble, et les clés d'un dictionnaire, ne prennent ni liste ni dictionnaire, qui peuvent changer : tuple(…) fait "
        "d'une liste ce qu'ils prennent.",
    ),
    (
        TypeError,
        "has no len()",
        "len(…) compte ce que contient une liste ou un texte. Ceci n'en est pas un : est-ce déjà le nombre cherché ?",
    ),
    (
        TypeError,
        "is not iterable",
        "« in » et « for » parcourent une liste, un texte, un dictionnaire, et ceci n'en est pas un. Une fonction s'appelle, "
        "avec des parenthèses ; un entier se parcourt par range(…).",
    ),
    (
        TypeError,
        "is not subscriptable",
        "Les crochets prennent un élément d'une liste, d'un texte, d'un dictionnaire, et ceci n'en est pas un. Une fonction "
        "s'appelle avec des parenthèses.",
    ),
    (
        TypeError,
        "",
        "Une opération reçoit un type qui ne lui convient pas. Affichez type(…) des valeurs de cette ligne.",
    ),
    (
        AttributeError,
        "NoneType",
        _NONE,
    ),
    (
        AttributeError,
        "'list' object has no attribute 'split'",
        "« split » coupe un texte, et ceci est une liste : prenez ses éléments un à un.",
    ),
    (
        AttributeError,
        "'dict' object has no attribute",
        "Dans un dictionnaire, « {name} » se lit par sa clé : entre crochets, ou par .get(…).",
    ),
    (AttributeError, "", "Cet objet n'a pas d'attribut « {name} ». Vérifiez son type et l'orthographe."),
    (
        IndexError,
        "no such group",
        "Le motif n'a pas ce groupe : chaque paire de parenthèses en fait un, sauf entre crochets. Un crochet du texte s'écrit « \\[ ».",
    ),
    (
        IndexError,
        "shape of the mask",
        "Le masque et le tenseur n'ont pas la même forme : ce qui coupe l'un doit couper l'autre. Affichez leur .shape.",
    ),
    *(
        (
            IndexError,
            fragment,
            "Un tenseur d'indices contient des entiers. torch.tensor d'une liste vide fait des nombres à virgule : "
            "précisez dtype=torch.long.",
        )
        for fragment in ("tensors used as indices", "Expected dtype int64")
    ),
    (
        IndexError,
        "",
        "Un indice dépasse la longueur. Les indices vont de 0 à len(…) - 1 ; une liste vide n'en a aucun, et une liste qu'on raccourcit en la parcourant en perd.",
    ),
    (
        KeyError,
        "",
        "Cette clé n'est pas dans le dictionnaire. « in » dit si elle y est ; .get(…) rend None quand elle n'y est pas.",
    ),
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
    (
        RuntimeError,
        "view size",
        "Après un échange d'axes, les nombres ne sont plus rangés dans l'ordre où view les relirait : reshape le fait.",
    ),
    (
        RuntimeError,
        "Boolean value of Tensor",
        "Un tenseur de plusieurs nombres n'est ni vrai ni faux : « if », « and », « or » et « not » n'en veulent qu'un. "
        "Entre tenseurs de booléens, ce sont &, | et ~ ; pour savoir si l'on en a reçu un, « is not None ».",
    ),
    (
        RuntimeError,
        "selected index k out of range",
        "topk demande plus de valeurs qu'il n'y en a : min(k, len(…)) n'en demande jamais trop.",
    ),
    (
        RuntimeError,
        "selected number k out of range",
        "kthvalue compte à partir de 1, et jusqu'au nombre de valeurs : un k nul se traite à part.",
    ),
    (
        RuntimeError,
        "changed size during iteration",
        "Rien ne s'ajoute ni ne s'ôte à un dictionnaire, ou à un ensemble, pendant qu'on le parcourt : parcourez-en une copie, "
        "list(…), ou remplissez-en un autre.",
    ),
    (RuntimeError, "shape", "Les formes des tenseurs ne s'accordent pas. Affichez .shape de chacun avant cette ligne."),
    (RuntimeError, "size", "Les formes des tenseurs ne s'accordent pas. Affichez .shape de chacun avant cette ligne."),
    (
        json.JSONDecodeError,
        "",
        "json.loads refuse ce texte, qui n'est pas un JSON entier. Avec « try » et « except ValueError », on note la faute et l'on continue.",
    ),
    (
        ValueError,
        "substring not found",
        "« index » n'a pas trouvé ce morceau, et lève une erreur ; « find » rend -1 à la place.",
    ),
    (
        re.error,
        "nothing to repeat",
        "Dans un motif, « * » répète ce qui le précède ; une étoile s'écrit « \\* ».",
    ),
    (
        ValueError,
        "converted to Python scalars",
        "Une fonction de « math » ne prend qu'un nombre, et a reçu un tenseur qui en a plusieurs : celle de torch, du même "
        "nom, les prend tous.",
    ),
    (
        ValueError,
        "math domain error",
        "Un logarithme n'existe qu'au-dessus de 0, une racine carrée qu'à partir de 0 : traitez l'autre cas avant cette ligne.",
    ),
    (
        ValueError,
        "is not in list",
        "« index » ne trouve pas cette valeur dans la liste où vous la cherchez. Affichez l'une et l'autre : la valeur est-elle de "
        "cette liste-là ?",
    ),
    (
        ValueError,
        "values to unpack",
        "Une ligne donne plusieurs noms à une valeur qui n'a pas autant de morceaux. « for … in » un dictionnaire donne "
        "ses clés ; .items() donne les couples.",
    ),
    (
        ValueError,
        "invalid literal for int()",
        "int(…) ne lit qu'un nombre écrit seul, et le message montre ce qu'il a reçu : ôtez-en d'abord le reste, et s'il n'y a pas de chiffre, prenez un autre morceau.",
    ),
    *(
        (
            ValueError,
            fragment,
            "« max » et « min » n'ont rien à comparer dans une suite vide. Donnez-leur de quoi répondre dans ce cas : max(…, default=0).",
        )
        for fragment in ("arg is an empty sequence", "iterable argument is empty")
    ),
    (ValueError, "", "Une valeur n'a pas la forme attendue. Affichez-la juste avant cette ligne."),
    (
        EOFError,
        "personne",
        "« input » attend que quelqu'un tape une réponse. Votre fonction reçoit tout par ses arguments.",
    ),
    (StopIteration, "", "« next » n'a rien trouvé. Donnez-lui de quoi répondre dans ce cas : next(…, None)."),
    (MemoryError, "", "La mémoire ne suffit pas : quelle liste, ou quel tableau, devient si grand ?"),
    (SystemExit, "", "« exit » et « quit » ferment tout ; une fonction rend plutôt une valeur avec « return »."),
)
