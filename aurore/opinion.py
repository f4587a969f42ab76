"""Ce que l'atelier demande aux gens : un vote au départ et à l'arrivée, un avis à la fin. Sans rien des leçons."""

from aurore import settings
from aurore.atelier import state
from aurore.settings import AuroreError

# --- Le vote --------------------------------------------------------------------------------------------

MOODS = {
    "A": "l'étang tranquille : je regarde, on verra bien",
    "B": "le chemin qui monte : en route",
    "C": "la brume : je n'y vois pas encore clair",
    "D": "l'orage : j'ai peur de m'y perdre",
}
_LETTERS = ", ".join([*MOODS][:-1]) + f" ou {[*MOODS][-1]}"
MOMENTS = {"départ": "Au départ", "arrivée": "À l'arrivée"}
_FILE = "vote.json"


def vote(letter: str = "", moment: str = "départ") -> str:
    """Garde un vote sur cette machine et le dit, avec celui de l'autre moment s'il existe.

    `letter` : une clé de `MOODS`, ou rien pour relire. `moment` : « départ » ou « arrivée ». Lève
    `AuroreError` pour un autre moment ; une lettre inconnue et un disque qui refuse ne font qu'une phrase.
    """
    if moment not in MOMENTS:
        raise AuroreError(f"Le moment « {moment} » n'existe pas. Moments possibles : {', '.join(MOMENTS)}.")
    written, letter = letter.strip(), letter.strip().upper()
    votes = state.load(_FILE, _parse_votes, "votre vote y était noté, votez à nouveau")
    if letter and letter not in MOODS:
        return f"« {written} » n'est pas une des images. Votez {_LETTERS}."
    if letter:
        votes[moment] = letter
        try:
            state.save(_FILE, votes)
        except OSError:
            return f"{_said(votes)} Le disque n'a pas voulu le garder."
    return _said(votes) or f"Pas encore de vote. Écrivez {_LETTERS} entre les guillemets, puis relancez."


def _said(votes: dict[str, str]) -> str:
    return " ".join(
        f"{when} : {votes[moment]}, {MOODS[votes[moment]]}." for moment, when in MOMENTS.items() if moment in votes
    )


def _parse_votes(content: dict) -> dict[str, str]:
    if not set(content) <= set(MOMENTS) or not set(content.values()) <= set(MOODS):
        raise ValueError("vote inconnu")
    return dict(content)


# --- L'avis, à la fin -----------------------------------------------------------------------------------

ASKED = {
    "utile": "Ce qui vous servira",
    "blocage": "Ce qui vous a bloqué",
    "conseil": "Ce que vous changeriez",
}
_SHEET = "avis.json"


def feedback(utile: str = "", blocage: str = "", conseil: str = "") -> str:
    """Garde un avis sur cette machine, nulle part ailleurs, et le redit ; une réponse vide laisse la précédente.

    Un disque qui refuse ne fait qu'une phrase. Lève `AuroreError` si une réponse n'est pas un texte.
    """
    given = {"utile": utile, "blocage": blocage, "conseil": conseil}
    if not all(isinstance(answer, str) for answer in given.values()):
        raise AuroreError("Une réponse est un texte, entre guillemets. Écrivez-la, puis relancez.")
    kept = state.load(_SHEET, _parse_sheet, "votre avis y était noté, donnez-le à nouveau")
    new = {name: answer.strip() for name, answer in given.items() if answer.strip()}
    if not (kept | new):
        return "Pas encore d'avis. Écrivez entre les guillemets, puis relancez. Rien ne quitte cette machine."
    told = "\n".join(f"{ASKED[name]} : {answer}" for name, answer in (kept | new).items())
    if new:
        try:
            state.save(_SHEET, kept | new)
        except OSError:
            return f"{told}\nLe disque n'a pas voulu garder cet avis : recopiez-le."
    return f"{told}\nGardé dans {settings.short_path(state.path(_SHEET))}. Donnez ce fichier, si vous le voulez bien, à qui anime l'atelier."


def _parse_sheet(content: dict) -> dict[str, str]:
    if not set(content) <= set(ASKED) or not all(isinstance(answer, str) for answer in content.values()):
        raise ValueError("avis inconnu")
    return dict(content)
