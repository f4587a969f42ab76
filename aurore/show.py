"""Ce qui se montre et n'est pas propre à une leçon : nombres à la française, planches, tableaux, panneaux.

Tout ce qui est ici se lit partout. `repr` donne le texte, dans un terminal ou pour un lecteur d'écran ; le HTML donne
la même chose dans un carnet, sur GitHub ou dans une page exportée, avec les couleurs du thème, clair ou sombre ; et un
widget ne s'y ajoute que là où un noyau peut lui répondre. Une fenêtre étroite fait défiler une figure ou un tableau
plutôt que d'en rapetisser les lettres.
"""

import base64
import io
import math
import re
import sys
from collections.abc import Callable, Sequence
from html import escape
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from aurore.settings import AuroreError

if TYPE_CHECKING:  # ni l'un ni l'autre ne se charge avec ce module : la ligne de commande s'en sert aussi
    from ipywidgets import Widget
    from matplotlib.figure import Figure

# Palette d'Okabe et Ito : se distingue sans le rouge ni le vert, et en noir et blanc.
PALETTE = BLUE, ORANGE, GREEN, PINK, SKY, RED = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
GREY = "#999999"

# --- Les nombres ----------------------------------------------------------------------------------------

NARROW = "\u202f"  # l'espace fine insécable
_SIGNS = str.maketrans(",.-", f"{NARROW},−")
_EXPONENTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def french_number(value: float, digits: int | None = None, *, significant: int = 6, signed: bool = False) -> str:
    """Un nombre à la française : virgule, vrai signe moins, espace fine entre les milliers.

    `digits` décimales ; sans lui, un entier s'écrit entier, et le reste avec `significant` chiffres au plus, sans
    zéros inutiles. `signed` met aussi le signe plus. Un zéro n'a pas de signe moins.
    """
    if math.isnan(value):
        return "pas un nombre"
    sign = "+" if signed else "-"
    if math.isinf(value):
        return ("−" if value < 0 else "+" if signed else "") + "∞"
    if digits is not None:
        text = f"{float(value):{sign}z,.{digits}f}"
    elif isinstance(value, Integral) or (float(value).is_integer() and abs(value) < 1e15):
        text = f"{int(value):{sign},}"
    else:
        text = f"{float(value):{sign}z,.{significant}g}"
    mantissa, _, exponent = text.partition("e")
    written = mantissa.translate(_SIGNS)
    return f"{written}{NARROW}×{NARROW}10{str(int(exponent)).translate(_EXPONENTS)}" if exponent else written


def percent(share: float, digits: int = 0) -> str:
    """Une part à la française : 0,125 s'écrit « 12 % », et « 12,5 % » avec une décimale."""
    return f"{french_number(100 * share, digits)}{NARROW}%"


def plural(value: float, one: str, many: str = "") -> str:
    """Le mot accordé avec un nombre : au singulier en dessous de deux, zéro compris, comme en français.

    `many` est le pluriel d'un mot qui ne fait pas que prendre un s (« cheval »), ou de plusieurs (« point noté »).
    """
    if abs(value) < 2:
        return one
    return many or (one if one.endswith(("s", "x", "z")) else one + "s")


def count(value: float, one: str, many: str = "", digits: int | None = None) -> str:
    """Un nombre et son nom accordé : « 1 étape », « 2 étapes », « 1,5 million ». Arguments de `plural`."""
    shown = value if digits is None else round(value, digits)  # 1,96 s'écrit 2,0 : c'est ce qui se lit qui s'accorde
    return f"{french_number(value, digits)} {plural(shown, one, many)}"


# --- Les figures et les tableaux ------------------------------------------------------------------------

_DPI = 120  # net sur un écran fin sans alourdir le carnet
_CSS_DPI = 96
_SMALLEST = 10.0  # pixels de la plus petite lettre d'une planche : en dessous, la figure défile

_SCROLL = "margin:.4em 0;max-width:100%;overflow-x:auto"
_LEFT = "text-align:left;vertical-align:top;padding:.25em .6em"  # JupyterLab aligne à droite ce qu'on ne lui dit pas
_RIGHT = "text-align:right;vertical-align:top;padding:.25em .6em;white-space:nowrap;font-variant-numeric:tabular-nums"


class Plate:
    """Une figure de matplotlib et son texte : image dans un carnet, texte dans un terminal ou pour un lecteur d'écran.

    L'image suit la largeur de la page tant que sa plus petite lettre se lit, puis défile. Son fond reste blanc.
    """

    def __init__(self, figure: "Figure", text: str) -> None:
        self.figure, self.text = figure, text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        buffer = io.BytesIO()
        self.figure.savefig(
            buffer, format="png", dpi=_DPI, bbox_inches="tight", facecolor="white", metadata={"Software": None}
        )
        image = buffer.getvalue()
        width = int.from_bytes(image[16:20], "big") * _CSS_DPI / _DPI  # l'en-tête d'un PNG dit sa largeur
        narrowest = min(width, width * _SMALLEST / (self._smallest_letters() * _CSS_DPI / 72))
        size = f"display:block;width:100%;min-width:{narrowest:.0f}px;max-width:{width:.0f}px;height:auto"
        return (
            f"<figure style='margin:.4em 0'><div style='{_SCROLL}' tabindex='0'>"
            f"<img src='data:image/png;base64,{base64.b64encode(image).decode()}' alt='{escape(self.text)}' style='{size}'>"
            f"</div><figcaption>{escape(self.text)}</figcaption></figure>"
        )

    def _smallest_letters(self) -> float:
        """La taille des plus petites lettres de la figure, en points."""
        from matplotlib.text import Text

        return min((float(text.get_fontsize()) for text in self.figure.findobj(Text) if text.get_text()), default=10.0)


class Table:
    """Un tableau et son texte : HTML dans un carnet, lignes dans un terminal.

    `rows` : une suite de cellules par ligne, autant que de `columns`. La première nomme la ligne ; un nombre
    s'écrit à la française et, écrit ou non, s'aligne à droite. `text` remplace au besoin le texte du terminal.
    """

    def __init__(self, caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], text: str = "") -> None:
        self.caption, self.columns, self.rows, self.text = caption, columns, rows, text

    def __repr__(self) -> str:
        rows = (self.columns, *([_written(cell) for cell in row] for row in self.rows))
        return self.text or "\n".join([self.caption, *(" | ".join(row) for row in rows)])

    def _repr_html_(self) -> str:
        numbers = [all(map(_is_number, column)) for column in zip(*self.rows, strict=True)] or [False] * len(
            self.columns
        )
        styles = [_RIGHT if number else _LEFT for number in numbers]
        head = "".join(
            f"<th scope='col' style='{style}'>{escape(name)}</th>"
            for name, style in zip(self.columns, styles, strict=True)
        )
        body = "".join(
            f"<tr><th scope='row' style='{_LEFT}'>{escape(_written(first))}</th>"
            + "".join(
                f"<td style='{_RIGHT if _is_number(cell) else style}'>{escape(_written(cell))}</td>"
                for cell, style in zip(others, styles[1:], strict=True)
            )
            + "</tr>"
            for first, *others in self.rows
        )
        return (
            f"<div style='{_SCROLL}' tabindex='0'><table style='font-size:14px;margin:0'>"
            f"<caption style='{_LEFT}'>{escape(self.caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


_NUMBER = re.compile(rf"[−+]?\d[\d{NARROW}]*(?:,\d+)?")


def _is_number(cell: Any) -> bool:
    """Dit si une cellule est un nombre, ou un nombre déjà écrit."""
    return bool(_NUMBER.fullmatch(_written(cell)))


def _written(cell: Any) -> str:
    if isinstance(cell, bool) or not isinstance(cell, Real):
        return str(cell)
    return french_number(int(cell) if isinstance(cell, Integral) else float(cell))


def fold(title: str, content: str, is_open: bool = False) -> str:
    """Du HTML qui s'ouvre au clavier : `title` est un texte, `content` du HTML."""
    return (
        f"<details style='margin:.35em 0'{' open' if is_open else ''}>"
        f"<summary style='cursor:pointer'>{escape(title)}</summary>{content}</details>"
    )


# --- Les panneaux animés --------------------------------------------------------------------------------

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def in_a_notebook() -> bool:
    """Dit si le code tourne dans un noyau Jupyter, qui peut répondre à un widget."""
    ipython = sys.modules.get("IPython")  # s'il n'est pas chargé, aucun noyau ne tourne
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def widget_bundle(widget: "Widget", text: str = "", html: str = "") -> dict[str, Any]:
    """Ce qu'on envoie à Jupyter pour montrer un widget, avec ce que montrera qui n'en sait pas montrer."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    still = {"text/plain": text} | ({"text/html": html} if html else {})
    return still | {WIDGET_VIEW: view}


class Live:
    """Un contenu qui se redessine quand on change un réglage ; fixe, avec les réglages de départ, sans noyau.

        Live(draw, lambda: {"k": slider("k", 1, 50)}, k=5)

    `draw(**réglages)` rend une planche, un tableau, ou tout ce qui a un `repr` et un `_repr_html_`. `controls` rend
    les commandes par nom de réglage ; il n'est appelé que si un noyau répond. Les valeurs de départ, elles, se donnent
    par leur nom : elles servent aux deux. Une `AuroreError` de `draw` s'affiche à la place du contenu.
    """

    def __init__(self, draw: Callable[..., Any], controls: Callable[[], dict[str, "Widget"]], **start: Any) -> None:
        self.draw, self.controls, self.values = draw, controls, start

    def still(self) -> Any:
        """Le contenu, aux réglages où l'on en est."""
        return self.draw(**self.values)

    def __repr__(self) -> str:
        return repr(self.still())

    def _repr_html_(self) -> str:
        return self.still()._repr_html_()

    def widget(self) -> "Widget":
        """Les commandes et, dessous, le contenu qui les suit."""
        return self._panel(self._repr_html_())

    def _panel(self, html: str) -> "Widget":
        import ipywidgets

        # En bloc : dans la boîte souple d'ipywidgets, une figure large pousserait son texte hors d'une page étroite.
        layout = ipywidgets.Layout(width="100%", display="block")
        controls, page = self.controls(), ipywidgets.HTML(html, layout=layout)

        def refresh(name: str, value: Any) -> None:
            self.values[name] = value
            try:
                page.value = self._repr_html_()
            except AuroreError as error:
                page.value = f"<p role='alert'>{escape(str(error))}</p>"

        for name, control in controls.items():
            control.value = self.values[name]
            control.observe(lambda change, name=name: refresh(name, change["new"]), names="value")
        return ipywidgets.VBox([*controls.values(), page])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        content = self.still()
        text, html = repr(content), content._repr_html_()
        if in_a_notebook():
            return widget_bundle(self._panel(html), text, html)
        return {"text/plain": text, "text/html": html}
