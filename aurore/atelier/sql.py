"""Ce qu'une base a refusé, en français. SQLAlchemy n'est pas importé : une erreur se reconnaît au module de son type."""

import re

_BOUND = 'Donnez les valeurs à part : :nom dans la requête, et {{"nom": valeur}} à côté.'
# Un morceau du message, et la phrase : la première qui convient l'emporte.
_REFUSED: tuple[tuple[str, str], ...] = (
    (r"Not an executable object", "Une requête se donne sous text(…) : connection.execute(text(requête), valeurs)."),
    (r"must consist only of", "Les valeurs se donnent dans un dictionnaire, {{\"nom\": valeur}} ; la requête dit :nom, et non « ? »."),
    (r"required for bind parameter '(\w+)'", "La requête dit :{0}, et rien ne lui est donné : ajoutez \"{0}\" au dictionnaire des valeurs."),
    (r"Incorrect number of bindings", "Le compte des valeurs n'y est pas. Entre apostrophes, ':nom' n'est qu'un texte : écrivez :nom seul. " + _BOUND),
    (r"(\d+) values for (\d+) columns", "La requête donne {0} valeurs pour {1} colonnes."),
    (r"no such table: (\S+)", "Aucune table ne s'appelle « {0} » : vérifiez l'orthographe."),
    (r"no such column: (\S+)|has no column named (\S+)", "La table n'a pas de colonne « {0} » : vérifiez l'orthographe. Si c'était une valeur, donnez-la à part."),
    (r"near \"([^\"]*)\": syntax error", "La base ne comprend plus la requête à « {0} ». L'ordre est SELECT … FROM … WHERE … ORDER BY … LIMIT, ou INSERT INTO … VALUES."),
    (r"incomplete input|unrecognized token", "La requête ne finit pas, ou porte un signe que la base ne lit pas. " + _BOUND),
    (r"one statement at a time", "Le texte porte plusieurs requêtes : une valeur collée en a peut-être apporté une. " + _BOUND),
)  # fmt: skip
_PASTED = (
    "Une valeur est collée dans la requête, entre apostrophes : à la première apostrophe de la valeur, la base lit la suite "
    "comme du SQL. " + _BOUND
).format()


def explain_sql(error: BaseException) -> str:
    """Une phrase d'aide pour ce que la base a refusé ; chaîne vide si l'erreur n'est pas de SQLAlchemy."""
    if not any(kind.__module__.startswith("sqlalchemy.") for kind in type(error).__mro__):
        return ""
    text = str(error).partition("\n[SQL")[0]
    query = getattr(error, "statement", None) or ""
    if "syntax error" in text and "'" in query:
        return _PASTED
    for pattern, sentence in _REFUSED:
        if found := re.search(pattern, text):
            return sentence.format(*filter(None, found.groups()))
    return "La base a refusé la requête : la première ligne du message ci-dessus dit pourquoi."
