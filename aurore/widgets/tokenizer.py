"""Figures de la leçon 02 : les tokens de ce qu'on tape, et ce qu'un mot coûte à chaque tokenizer."""

from html import escape

from matplotlib.figure import Figure
from transformers import PreTrainedTokenizerBase

from aurore import tokenizer as bpe
from aurore.show import PALETTE, Live, Plate, count, fold, french_number

_MARKS = {" ": "␣", "\n": "↵", "\t": "⇥", "\u00a0": "⍽", "\u202f": "⍽"}
SHOWN = 150  # tokens affichés : au-delà, la planche ne se lit plus


def visible(token: str) -> str:
    """Un token tel qu'on peut le lire : « ␣ » pour l'espace, les octets en chiffres s'ils ne font pas un signe."""
    # « surrogateescape » met chaque octet seul, qui ne fait pas un signe, entre U+DC80 et U+DCFF.
    text = bpe.token_bytes(token).decode("utf-8", "surrogateescape")
    return "".join(
        f"⟨{ord(sign) - 0xDC00:02X}⟩" if "\udc80" <= sign <= "\udcff" else _MARKS.get(sign, sign) for sign in text
    )


class TokenView:
    """Un texte découpé par plusieurs tokenizers.

    Chaque token a sa couleur, son cadre et son rang : la couleur n'est jamais seule à le séparer du suivant.
    """

    def __init__(self, tokenizers: dict[str, PreTrainedTokenizerBase], text: str) -> None:
        self.tokenizers, self.text = tokenizers, text

    def pieces(self) -> dict[str, list[tuple[int, str]]]:
        """Pour chaque tokenizer, les couples (identifiant, token lisible) du texte."""
        found = {}
        for name, tokenizer in self.tokenizers.items():
            ids = tokenizer(self.text, verbose=False)["input_ids"]
            found[name] = [
                (number, visible(token))
                for number, token in zip(ids, tokenizer.convert_ids_to_tokens(ids), strict=True)
            ]
        return found

    def __repr__(self) -> str:
        return "\n".join(
            f"{name}, {count(len(pieces), 'token')} : {' | '.join(text for _, text in pieces[:SHOWN])}"
            for name, pieces in self.pieces().items()
        )

    def _repr_html_(self) -> str:
        rows = "".join(self._row(name, pieces) for name, pieces in self.pieces().items())
        return f"<div style='background:white;color:#111;padding:.3em .6em'>{rows}</div>"

    def _row(self, name: str, pieces: list[tuple[int, str]]) -> str:
        spans = " ".join(
            f"<span title='identifiant {number}' style='background:{PALETTE[rank % len(PALETTE)]}38;"
            f"border:1px solid #555;border-radius:3px;padding:.1em .2em;white-space:nowrap'>{escape(text)}"
            f"<sub style='font-size:.75em;color:#333'>{rank}</sub></span>"
            for rank, (number, text) in enumerate(pieces[:SHOWN])
        )
        rest = f" … et {len(pieces) - SHOWN} de plus" if len(pieces) > SHOWN else ""
        numbers = ", ".join(str(number) for number, _ in pieces[:SHOWN])
        return (
            f"<section aria-label='Découpage : {escape(name, quote=True)}'>"
            f"<p role='status'><strong>{escape(name)}</strong> : {count(len(pieces), 'token')}, {count(len(self.text), 'caractère')}</p>"
            f"<p style='line-height:2.1;margin:0'>{spans}{rest}</p>"
            f"{fold('Identifiants', f'<p>{numbers}{rest}</p>')}</section>"
        )


def tokens_plate(tokenizers: dict[str, PreTrainedTokenizerBase], text: str) -> Live:
    """Les tokens d'un texte qu'on peut changer au clavier, tokenizer par tokenizer. `tokenizers` : nom → tokenizer."""

    def controls() -> dict:
        import ipywidgets

        return {"text": ipywidgets.Text(description="Votre texte", layout=ipywidgets.Layout(width="95%"))}

    return Live(lambda text: TokenView(tokenizers, text), controls, text=text)


def fertility_plate(tokenizers: dict[str, PreTrainedTokenizerBase], texts: dict[str, str]) -> Plate:
    """Barres : tokens par mot de chaque tokenizer, texte par texte. `texts` : nom → texte."""
    costs = {
        label: [bpe.tokens_per_word(tokenizer, text) for tokenizer in tokenizers.values()]
        for label, text in texts.items()
    }
    figure = Figure(figsize=(8, 0.9 + 0.42 * len(tokenizers) * len(texts)), layout="constrained")
    axes = figure.add_subplot()
    height = 0.8 / len(texts)
    for i, (label, values) in enumerate(costs.items()):
        positions = [y + i * height for y in range(len(values))]
        color, hatch = PALETTE[i % len(PALETTE)], ("", "//", "..")[i % 3]
        bars = axes.barh(positions, values, height, label=label, color=color, hatch=hatch, edgecolor="white")
        axes.bar_label(bars, [french_number(value, 2) for value in values], padding=3)
    axes.set_yticks([y + height * (len(texts) - 1) / 2 for y in range(len(tokenizers))], list(tokenizers))
    axes.invert_yaxis()
    axes.set_xlabel("tokens par mot")
    axes.xaxis.set_major_formatter(lambda value, _: french_number(value))
    axes.margins(x=0.12)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(texts))
    sentences = [
        f"{label} : "
        + ", ".join(f"{name} {french_number(value, 2)}" for name, value in zip(tokenizers, values, strict=True))
        for label, values in costs.items()
    ]
    return Plate(figure, f"Tokens par mot. {' ; '.join(sentences)}.")
