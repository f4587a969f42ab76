"""Montrer une fiche : en HTML partout, et avec un bouton là où l'on peut appuyer.

Le HTML se suffit : indices et solution s'y ouvrent au clavier (`<details>`), l'état est écrit en toutes
lettres, jamais seulement coloré. Il est affiché à part du bouton, qui a besoin d'un noyau : une page exportée, GitHub
ou un carnet rouvert le lendemain montrent ainsi toujours la fiche. Le bouton n'ajoute que le réglage des solutions.
"""

from collections.abc import Callable
from html import escape

from IPython.display import display

from aurore.atelier import room, solutions
from aurore.atelier.cards import Card
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID, Verdict
from aurore.show import Table, count, fold, in_a_notebook, plural, widget_bundle

# Les couleurs du texte et du fond restent celles du thème, clair ou sombre.
_STYLE = (
    "border:1px solid rgba(128,128,128,.35);border-left:5px solid {color};border-radius:3px;"
    "padding:.7em 1.1em;margin:.4em 0;max-width:56em;font-size:14px;line-height:1.5"
)
_PARAGRAPH = "margin:.35em 0"
_CODE = "white-space:pre-wrap;overflow-wrap:break-word;word-break:normal;font-size:13px"
_TERM = "float:none;width:auto;margin:0;padding:0"  # JupyterLab met les listes de définitions en colonnes étroites
# « minmax(0, 1fr) » : sans cela une longue ligne pousserait la colonne hors de la fiche au lieu de se couper entre deux mots.
_GRID = "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3em 1em;margin:.6em 0"
_REVIVE = "Le bouton ne répond plus (noyau redémarré, carnet rouvert) ? Relancez cette cellule."
# Palette d'Okabe et Ito, lisible sans distinguer le rouge du vert.
_COLORS = {TODO: "#999999", VALID: "#009E73", ALMOST: "#D55E00", SOLUTION: "#0072B2"}
_SENTENCES = {
    TODO: "À compléter. En attendant, la leçon continue avec la solution de la bibliothèque.",
    VALID: "Validé. La suite de la leçon tourne sur votre code.",
    ALMOST: "Presque. En attendant, la leçon continue avec la solution de la bibliothèque.",
    SOLUTION: "Solution affichée. La leçon continue avec elle.",
}


def _why_closed(card: Card) -> str:
    """Pourquoi le bouton d'une fiche ne peut rien ; chaîne vide s'il peut."""
    if solutions.is_locked(card.id):
        return "Solution cachée"
    return "Solution réglée par AURORE_SOLUTIONS" if solutions.forced() else ""


class CardView:
    """Une fiche et son verdict ; se montre dans un carnet, une page exportée ou un terminal."""

    def __init__(
        self,
        card: Card,
        verdict: Verdict,
        source: str,
        show_solution: Callable[[bool], Verdict] | None = None,
        open_hints: int = 0,
    ) -> None:
        self.card, self.verdict, self.source, self.show_solution = card, verdict, source, show_solution
        self.open_hints = open_hints
        self._handle = None

    def show(self) -> None:
        """Affiche la fiche, puis son bouton si un noyau peut lui répondre."""
        self._handle = display(self, display_id=True)
        if self.show_solution and in_a_notebook():
            display(widget_bundle(self.controls()), raw=True)

    def controls(self):
        """Le bouton, et comment le ranimer : redessiné par une page rouverte, il n'a plus de noyau derrière lui."""
        import ipywidgets

        revive = ipywidgets.HTML(f"<small>{_REVIVE}</small>")
        return ipywidgets.HBox([self.button(), revive], layout=ipywidgets.Layout(flex_flow="row wrap"))

    def button(self):
        """Le bouton qui montre ou cache la solution et rejuge la réponse sans relancer la cellule."""
        import ipywidgets

        button = ipywidgets.Button(layout=ipywidgets.Layout(width="auto"))

        def refresh() -> None:
            on = self.verdict.status == SOLUTION
            closed = _why_closed(self.card)
            button.disabled = bool(closed)
            button.description = closed or ("Revenir à mon code" if on else "Prendre la solution")

        def redraw() -> None:
            refresh()
            if self._handle:
                self._handle.update(self)

        def press(_) -> None:
            if not _why_closed(self.card):  # le rideau a pu être tiré depuis que la fiche est affichée
                self.verdict = self.show_solution(self.verdict.status != SOLUTION)
            redraw()

        button.on_click(press)
        refresh()
        room.watch(self.card.id, redraw)
        return button

    def __repr__(self) -> str:
        card, verdict = self.card, self.verdict
        lines = [f"{card.title} — {_SENTENCES[verdict.status]}"]
        lines += [f"{label} : {text}" for label, text in self._details()]
        return "\n".join(lines)

    def _details(self) -> list[tuple[str, str]]:
        verdict = self.verdict
        pairs = [
            ("Ce qui manque", verdict.check if verdict.status == ALMOST else ""),
            ("Où", verdict.where),
            ("Entrée", verdict.given),
            ("Reçu", verdict.got),
            ("Attendu", verdict.expected),
            ("Piste", verdict.hint),
            ("Affiché pendant l'essai", verdict.output),
        ]
        return [(label, text) for label, text in pairs if text]

    def _repr_html_(self) -> str:
        card, verdict = self.card, self.verdict
        rows = "".join(
            f"<dt style='{_TERM};font-weight:bold;white-space:nowrap'>{label}</dt><dd style='{_TERM}'>{_code(text) if label in _VERBATIM else escape(text)}</dd>"
            for label, text in self._details()
        )
        details = f"<dl style='{_GRID}'>{rows}</dl>" if rows else ""
        return (
            f"<section style='{_STYLE.format(color=_COLORS[verdict.status])}' aria-label='Exercice : {escape(card.title)}'>"
            f"<p style='{_PARAGRAPH}'><strong style='font-size:1.1em'>{escape(card.title)}</strong>"
            f" · difficulté {card.difficulty} sur 5 · {card.minutes} min</p>"
            f"<p style='{_PARAGRAPH}'>{escape(card.statement)}</p>"
            f"<p style='{_PARAGRAPH}' role='status'><strong>{_SENTENCES[verdict.status]}</strong></p>"
            f"{details}{self._hints()}{self._solution()}</section>"
        )

    def _hints(self) -> str:
        if self.verdict.status in (VALID, SOLUTION):
            return ""
        # Chaque indice s'ouvre dans le précédent : on n'en lit un second qu'après le premier.
        nested = ""
        for number, hint in reversed(list(enumerate(self.card.hints, 1))):
            content = f"<p style='{_PARAGRAPH}'>{escape(hint)}</p>{nested}"
            nested = fold(f"Indice {number}", content, number <= self.open_hints)
        return nested

    def _solution(self) -> str:
        if solutions.is_locked(self.card.id):
            return f"<p style='{_PARAGRAPH}'>La solution est cachée pour l'instant par la personne qui anime l'atelier.</p>"
        # Demandée, elle s'affiche ; sinon, il faut la vouloir.
        return fold(
            "Voir la solution",
            f"<pre style='margin:.35em 0'>{_code(self.source)}</pre>",
            self.verdict.status == SOLUTION,
        )


_VERBATIM = ("Entrée", "Reçu", "Attendu", "Affiché pendant l'essai")


def _code(text: str) -> str:
    return f"<code style='{_CODE}'>{escape(text)}</code>"


class SummaryView(Table):
    """Les exercices d'une leçon, et sur quel code chacun a tourné. `cards` : couples (fiche, état)."""

    def __init__(self, cards: list[tuple[Card, str]]) -> None:
        whose = {VALID: "votre code", SOLUTION: "la solution, à votre demande"}
        mine = sum(status == VALID for _, status in cards)
        caption = f"{count(mine, 'étape')} sur {len(cards)} {plural(mine, 'a', 'ont')} tourné sur votre code."
        rows = [(card.title, whose.get(status, "la bibliothèque")) for card, status in cards]
        text = "\n".join([caption, *(f"- {title} : {code}" for title, code in rows)])
        super().__init__(caption, ("étape", "a tourné sur"), rows, text)
