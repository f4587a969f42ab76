"""Ce que l'atelier règle dans IPython : des erreurs de cellule expliquées en français, sans rien cacher.

Une erreur de syntaxe empêche une cellule de s'exécuter : `@exercise` n'y peut rien. Deux réglages y pourvoient.

- Une cellule d'exercice illisible devient, avant exécution, l'affichage de sa fiche : la ligne fautive y est dite, et
  la suite du carnet s'exécute avec la référence.
- Ailleurs, une phrase s'ajoute sous le message de Python, qui reste entier ; une erreur prévue par la bibliothèque se
  réduit à sa phrase, sans la pile des appels qui y mène.
"""

import ast
import re

from IPython.core.inputtransformer2 import TransformerManager

from aurore.settings import AuroreError
from aurore.storage import find_a_home

_EXERCISE = re.compile(r"^@exercise\(\s*(['\"])(?P<id>[\w.]+)\1\s*\)", re.MULTILINE)
_SOFTENED = (SyntaxError, NameError, AuroreError)


def soften(shell) -> None:
    """Installe les deux réglages dans un `InteractiveShell` ; sans effet la seconde fois."""
    find_a_home()  # les bibliothèques se plaignent, en anglais et dans la cellule, de n'avoir nulle part où écrire
    if _readable not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(_readable)
    shell.set_custom_exc(_SOFTENED, _explain)


def _readable(lines: list[str]) -> list[str]:
    """Laisse une cellule telle quelle, sauf une cellule d'exercice que Python ne sait pas lire."""
    source = "".join(lines)
    found = _EXERCISE.search(source)
    if not found or syntax_error(source) is None:
        return lines
    identifier = found["id"]
    name = identifier.rpartition(".")[2]
    machine = "__import__('aurore.atelier.decorator', fromlist=['unreadable'])"  # sans laisser de nom dans le carnet
    return [f"{name} = {machine}.unreadable({identifier!r}, {source!r})\n"]


# IPython ne l'appelle alors que pour exécuter, pas pour savoir si l'on a fini d'écrire.
vars(_readable)["has_side_effects"] = True


def syntax_error(source: str) -> SyntaxError | None:
    """L'erreur qui empêche de lire une cellule, commandes « % » et « ! » comprises ; `None` s'il n'y en a pas."""
    try:
        code = TransformerManager().transform_cell(source)
        # Comme IPython, on permet « await » hors d'une fonction.
        compile(code, "<cellule>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        return error
    except (ValueError, OverflowError, MemoryError, RecursionError) as error:
        return SyntaxError(str(error), ("<cellule>", 1, 1, ""))
    return None


def _explain(
    shell, kind: type, error: SyntaxError | NameError | AuroreError, trace, tb_offset: int | None = None
) -> None:
    """Ajoute une phrase à une erreur, puis laisse IPython la montrer comme d'habitude ; réduit une erreur prévue."""
    if isinstance(error, AuroreError):
        shell._showtraceback(kind, error, [str(error)])
        return
    advice = _explain_name(error) if isinstance(error, NameError) else explain_syntax(error)
    if advice not in getattr(error, "__notes__", []):
        error.add_note(advice)
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _explain_name(error: NameError) -> str:
    name = error.name or "?"
    if isinstance(error, UnboundLocalError):
        return f"La variable « {name} » est lue avant d'avoir reçu une valeur dans la fonction."
    return (
        f"Le nom « {name} » n'existe pas encore. Est-il bien orthographié ? Sinon, il vient d'une cellule placée plus "
        "haut : exécutez-les dans l'ordre (menu Exécution, « Exécuter tout au-dessus de la cellule sélectionnée »)."
    )


def explain_syntax(error: SyntaxError) -> str:
    """Une phrase d'aide pour les erreurs de syntaxe courantes ; une phrase générale pour les autres."""
    message = error.msg or ""
    return next(
        (advice for pattern, advice in _ADVICE if re.search(pattern, message)),
        "Python ne sait pas lire cette ligne. Cherchez, ici ou juste au-dessus, une parenthèse, un guillemet ou "
        "un « : » oublié.",
    )


_ADVICE = (
    (
        r"never closed|unexpected EOF|incomplete input",
        "Une parenthèse, un crochet ou une accolade est ouvert et n'est jamais refermé.",
    ),
    (r"unmatched|does not match opening", "Une parenthèse, un crochet ou une accolade se ferme sans avoir été ouvert."),
    (r"unterminated|EOL while", "Il manque le guillemet qui ferme un texte."),
    (
        r"invalid (non-printable )?character",
        "Ce caractère n'existe pas en Python : une espace insécable ou un guillemet typographique, sans doute venu d'un copier-coller. Retapez-le au clavier.",
    ),
    (r"expected ':'", "Il manque « : » à la fin de la ligne."),
    (
        r"expected an indented block",
        "Sous une ligne qui finit par « : », il faut au moins une ligne décalée de quatre espaces.",
    ),
    (r"unexpected indent", "Cette ligne est décalée vers la droite sans raison."),
    (
        r"unindent does not match",
        "Cette ligne n'est alignée avec aucune de celles du dessus. Comptez quatre espaces par niveau.",
    ),
    (r"inconsistent use of tabs", "Espaces et tabulations sont mêlées. N'employez que des espaces."),
    (r"outside function", "« return » n'a de sens que dans une fonction : la ligne est sans doute mal décalée."),
    (r"outside loop|not properly in loop", "« break » et « continue » n'ont de sens que dans une boucle."),
    (r"Maybe you meant '=='|cannot assign to", "« = » donne une valeur à un nom ; pour comparer, écrivez « == »."),
    (r"forgot a comma", "Il manque sans doute une virgule entre deux éléments."),
    (r"Missing parentheses in call", "Les arguments se mettent entre parenthèses : print(…)."),
    (r"invalid decimal literal", "Un nom ne commence pas par un chiffre, et un nombre décimal s'écrit avec un point."),
    (
        r"f-string",
        "Les accolades d'un texte f\"…\" entourent une expression entière : vérifiez ce qu'elles contiennent.",
    ),
)
