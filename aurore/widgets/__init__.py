"""Les figures des leçons, une leçon par module ; chacune porte son équivalent en texte."""

import base64
import io
from html import escape

from matplotlib.figure import Figure

# Palette d'Okabe et Ito : se distingue sans le rouge ni le vert, et en noir et blanc.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")


class Plate:
    """Une figure et son texte : image dans un carnet, texte dans un terminal ou pour un lecteur d'écran."""

    def __init__(self, figure: Figure, text: str) -> None:
        self.figure, self.text = figure, text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=90, bbox_inches="tight", metadata={"Software": None})
        data = base64.b64encode(buffer.getvalue()).decode()
        return (
            f"<figure><img src='data:image/png;base64,{data}' alt='{escape(self.text, quote=True)}' style='max-width:100%'>"
            f"<figcaption>{escape(self.text)}</figcaption></figure>"
        )
