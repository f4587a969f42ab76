"""Montrer une fiche : en HTML partout, et avec des boutons là où l'on peut appuyer.

Le HTML se suffit : indices et solution s'y ouvrent au clavier (`<details>`), l'état est écrit en toutes
lettres, jamais seulement coloré. Les boutons n'ajoutent que le réglage des solutions.
"""

from collections.abc import Callable
from html import escape

from aurore.atelier import solutions
from aurore.atelier.cards import Card
from aurore.atelier.runner import ALMOST, SOLUTION, TODO, VALID, Verdict
from aurore.atelier.shell import in_a_notebook

_STYLE = "border-left:4px solid {color};padding:.4em 1em;margin:.5em 0;font-family:sans-serif;line-height:1.45"
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
    """Une fiche et son verdict ; s'affiche dans un carnet, une page exportée ou un terminal."""

    def __init__(
        self, card: Card, verdict: Verdict, source: str, show_solution: Callable[[bool], Verdict] | None = None
    ) -> None:
        self.card, self.verdict, self.source, self.show_solution = card, verdict, source, show_solution

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        """Le texte, le HTML, et le widget là où un noyau peut l'animer : chacun prend ce qu'il sait montrer."""
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if self.show_solution and in_a_notebook():
            box = self.widget()
            bundle["application/vnd.jupyter.widget-view+json"] = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": box.model_id,
            }
        return bundle

    def widget(self):
        """La fiche et son bouton, qui montre ou cache la solution et rejuge la réponse sans relancer la cellule."""
        import ipywidgets

        page = ipywidgets.HTML(self._repr_html_())
        button = ipywidgets.Button(layout=ipywidgets.Layout(width="auto"))

        def refresh() -> None:
            on = self.verdict.status == SOLUTION
            closed = _why_closed(self.card)
            button.disabled = bool(closed)
            button.description = closed or ("Revenir à mon code" if on else "Prendre la solution")
            page.value = self._repr_html_()

        def press(_) -> None:
            if not _why_closed(self.card):  # le rideau a pu être tiré depuis que la fiche est affichée
                self.verdict = self.show_solution(self.verdict.status != SOLUTION)
            refresh()

        button.on_click(press)
        refresh()
        return ipywidgets.VBox([page, button], layout=ipywidgets.Layout(align_items="flex-start"))

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
            f"<dt><strong>{label}</strong></dt><dd><code style='white-space:pre-wrap'>{escape(text)}</code></dd>"
            if label in ("Entrée", "Reçu", "Attendu", "Affiché pendant l'essai")
            else f"<dt><strong>{label}</strong></dt><dd>{escape(text)}</dd>"
            for label, text in self._details()
        )
        return (
            f"<section style='{_STYLE.format(color=_COLORS[verdict.status])}' aria-label='Exercice : {escape(card.title)}'>"
            f"<p><strong>{escape(card.title)}</strong> · difficulté {card.difficulty} sur 5 · {card.minutes} min</p>"
            f"<p>{escape(card.statement)}</p><p role='status'><strong>{_SENTENCES[verdict.status]}</strong></p>"
            f"{f'<dl>{rows}</dl>' if rows else ''}{self._hints()}{self._solution()}</section>"
        )

    def _hints(self) -> str:
        if self.verdict.status in (VALID, SOLUTION):
            return ""
        # Chaque indice s'ouvre dans le précédent : on n'en lit un second qu'après le premier.
        nested = ""
        for number, hint in reversed(list(enumerate(self.card.hints, 1))):
            nested = f"<details><summary>Indice {number}</summary><p>{escape(hint)}</p>{nested}</details>"
        return nested

    def _solution(self) -> str:
        if solutions.is_locked(self.card.id):
            return "<p>La solution est cachée pour l'instant par la personne qui anime.</p>"
        return f"<details><summary>Voir la solution</summary><pre><code>{escape(self.source)}</code></pre></details>"


class SummaryView:
    """Les exercices d'une leçon et sur quel code chacun a tourné."""

    def __init__(self, rows: list[tuple[Card, str]]) -> None:
        self.rows = rows

    def _lines(self) -> list[tuple[str, str]]:
        whose = {VALID: "votre code", SOLUTION: "la solution, à votre demande"}
        return [(card.title, whose.get(status, "la bibliothèque")) for card, status in self.rows]

    def __repr__(self) -> str:
        mine = sum(status == VALID for _, status in self.rows)
        return "\n".join(
            [
                f"{mine} étape(s) sur {len(self.rows)} ont tourné sur votre code.",
                *(f"- {title} : {code}" for title, code in self._lines()),
            ]
        )

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{escape(title)}</td><td>{escape(code)}</td></tr>" for title, code in self._lines())
        mine = sum(status == VALID for _, status in self.rows)
        return (
            f"<table><caption>{mine} étape(s) sur {len(self.rows)} ont tourné sur votre code</caption>"
            f"<thead><tr><th scope='col'>étape</th><th scope='col'>a tourné sur</th></tr></thead><tbody>{rows}</tbody></table>"
        )
