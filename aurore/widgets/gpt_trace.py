"""Leçon 05, la grande figure : une phrase suivie d'un bout à l'autre du réseau, du texte au choix du token suivant.

Les nombres viennent de notre `GPT`, pièce par pièce ; ils égalent ceux de transformers. Là où un noyau répond, on
change la phrase, on ouvre un token, une tête ; ailleurs, la même chose reste lisible, ouverte au dernier token.
"""

import json
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from aurore import gpt
from aurore.settings import AuroreError
from aurore.show import french_number, in_a_notebook, widget_bundle
from aurore.widgets.tokenizer import visible

LONGEST = 24  # tokens : au-delà, la figure ne se lit plus
SHOWN = 8  # tokens suivants les plus probables
NUMBERS = 12  # nombres montrés de chaque vecteur
_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Trace:
    """Ce que le réseau calcule d'une phrase de T tokens ; L blocs, H têtes.

    `vectors` (L + 1, T, NUMBERS) : le début du vecteur de chaque token, en entrant puis après chaque bloc, et `norms`
    (L + 1, T) leur longueur entière. `attention` (L, H, T, T) : ce que chaque place regarde. `guesses` (L + 1, T) :
    le token que dirait la tête de sortie si l'on s'arrêtait là, et sa probabilité. `following` (T, SHOWN) : les tokens
    suivants les plus probables, avec leur note et leur probabilité.
    """

    tokens: list[str]
    ids: list[int]
    vectors: list
    norms: list
    attention: list
    guesses: list
    following: list


@torch.no_grad()
def trace(model: gpt.GPT, tokenizer: PreTrainedTokenizerBase, text: str) -> Trace:
    """Suit `text` dans `model`, pièce par pièce ; lève `AuroreError` s'il est vide ou trop long pour se lire."""
    ids = tokenizer(text, verbose=False)["input_ids"]
    if not 1 <= len(ids) <= LONGEST:
        length = "vide" if not ids else f"longue de {len(ids)} tokens"
        raise AuroreError(f"Votre phrase est {length}. Écrivez-en une de 1 à {LONGEST} tokens.")
    rows = torch.tensor([ids])
    ranks, mask = model.placed(rows)
    x = gpt.embed(rows, ranks, model.tokens.weight, model.positions.weight)  # (1, T, C)
    states, weights = [x], []
    for block in model.blocks:
        weights.append(block.attention.weights(block.ln_1(x), mask=mask)[0])  # (H, T, T)
        x = block(x, mask)
        states.append(x)
    stream = torch.cat(states)  # (L + 1, T, C)
    logits = gpt.head(model.ln_f(stream), model.tokens.weight)  # (L + 1, T, V)
    return Trace(
        [visible(token) for token in tokenizer.convert_ids_to_tokens(ids)],
        ids,
        _rounded(stream[..., :NUMBERS]),
        _rounded(stream.norm(dim=-1)),
        _rounded(torch.stack(weights)),
        _best(logits, tokenizer),
        _following(logits[-1], tokenizer),
    )


def _rounded(tensor: Tensor) -> list:
    """Quatre décimales : assez pour comparer, et la figure reste légère."""
    return torch.round(tensor.double(), decimals=4).tolist()


def _read(token: int, tokenizer: PreTrainedTokenizerBase) -> str:
    return visible(tokenizer.convert_ids_to_tokens(int(token)))


def _best(logits: Tensor, tokenizer: PreTrainedTokenizerBase) -> list:
    chances, tokens = logits.softmax(-1).max(-1)
    return [
        [(_read(token, tokenizer), round(float(chance), 4)) for token, chance in zip(row, line, strict=True)]
        for row, line in zip(tokens, chances, strict=True)
    ]


def _following(logits: Tensor, tokenizer: PreTrainedTokenizerBase) -> list:
    chances = logits.softmax(-1)
    found = []
    for scores, line in zip(logits, chances, strict=True):
        values, tokens = scores.topk(SHOWN)
        found.append(
            [
                (_read(token, tokenizer), round(float(score), 4), round(float(line[token]), 4))
                for token, score in zip(tokens, values, strict=True)
            ]
        )
    return found


# --- La montrer -----------------------------------------------------------------------------------------


class SentenceTrace:
    """La figure d'une phrase. `place` est le token ouvert, `layer` et `head` la tête ouverte, comptés depuis 0."""

    def __init__(self, model: gpt.GPT, tokenizer: PreTrainedTokenizerBase, text: str) -> None:
        self.model, self.tokenizer, self.text = model, tokenizer, text
        self.found = trace(model, tokenizer, text)
        self.place, self.layer, self.head = len(self.found.ids) - 1, 0, 0

    def __repr__(self) -> str:
        found, place = self.found, self.place
        chosen, score, chance = found.following[place][0]
        path = " → ".join(f"« {guess[place][0]} »" for guess in found.guesses)
        return (
            f"La phrase « {self.text} » fait {len(found.ids)} tokens : {' | '.join(found.tokens)}.\n"
            f"Au token de rang {place}, ce que dirait la sortie en entrant puis après chaque bloc : {path}.\n"
            f"La tête {self.head} du bloc {self.layer} regarde surtout « {self._most_seen()} ».\n"
            f"Le token choisi est « {chosen} » : note {french_number(score, 2)}, probabilité {_percent(chance)}."
        )

    def _most_seen(self) -> str:
        seen = self.found.attention[self.layer][self.head][self.place]
        return self.found.tokens[max(range(self.place + 1), key=seen.__getitem__)]

    def _repr_html_(self) -> str:
        """La figure fixe : les mêmes étapes, ouvertes au token et à la tête où l'on en est.

        Elle porte aussi ce que dessine `gpt_trace.js` : une page sans noyau (`aurore.handout`) peut l'animer.
        """
        found, place = self.found, self.place
        tokens = [_cell(token, bold=rank == place) for rank, token in enumerate(found.tokens)]
        seen = found.attention[self.layer][self.head][place]
        heads = [_cell(french_number(weight, 2), shade=weight) for weight in seen]
        stream = [
            [
                _cell(guess[place][0]),
                _cell(_percent(guess[place][1]), shade=guess[place][1]),
                _cell(french_number(norms[place], 1)),
            ]
            for guess, norms in zip(found.guesses, found.norms, strict=True)
        ]
        names = ["en entrant", *(f"après le bloc {rank}" for rank in range(len(found.attention)))]
        chosen = [
            [_cell(token), _cell(french_number(score, 2)), _cell(_percent(chance), shade=chance)]
            for token, score, chance in found.following[place]
        ]
        steps = (
            (
                f"1. Les tokens, et ce que la tête {self.head} du bloc {self.layer} en regarde depuis le rang {place}",
                _grid(["token", "poids"], [tokens, heads]),
            ),
            (
                f"2. Le vecteur du rang {place}, de bloc en bloc",
                _grid(names, stream, ["où", "token deviné", "probabilité", "norme"]),
            ),
            (
                "3. Les tokens suivants les plus probables",
                _grid([str(rank + 1) for rank in range(SHOWN)], chosen, ["", "token", "note", "probabilité"]),
            ),
        )
        body = "".join(f"<p style='margin:.6em 0 .2em'><strong>{title}</strong></p>{table}" for title, table in steps)
        return (
            f"<section aria-label='Une phrase d&#39;un bout à l&#39;autre du réseau' data-figure='gpt_trace' data-state='{escape(json.dumps(self._state()))}'>{body}"
            f"<p>{escape(repr(self).splitlines()[-1])}</p></section>"
        )

    def _state(self) -> dict[str, Any]:
        """Ce que lit le navigateur."""
        return {"text": self.text, "data": json.dumps(asdict(self.found)), "place": self.place}

    def widget(self) -> Any:
        """La figure animée : on y change la phrase, on y ouvre un token ou une tête."""
        return _panel(self)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        text, html = repr(self), self._repr_html_()
        if in_a_notebook():
            return widget_bundle(self.widget(), text, html)
        return {"text/plain": text, "text/html": html}


def _percent(chance: float) -> str:
    return f"{french_number(100 * chance, 1)}\u202f%"


_EDGE = "border:1px solid rgba(128,128,128,.4);padding:.15em .45em;text-align:left;white-space:nowrap"


def _cell(text: str, shade: float = 0.0, bold: bool = False) -> str:
    weight = "font-weight:bold;outline:2px solid #E69F00;" if bold else ""
    return f"<td style='{_EDGE};{weight}background:rgba(0,114,178,{min(1.0, shade) * 0.55:.2f})'>{escape(text)}</td>"


def _grid(names: list[str], rows: list[list[str]], columns: list[str] | None = None) -> str:
    head = "".join(f"<th scope='col' style='{_EDGE}'>{escape(name)}</th>" for name in columns or [])
    body = "".join(
        f"<tr><th scope='row' style='{_EDGE}'>{escape(name)}</th>{''.join(row)}</tr>"
        for name, row in zip(names, rows, strict=True)
    )
    return (
        "<div style='max-width:100%;overflow-x:auto' tabindex='0'><table style='font-size:13px;margin:0'>"
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table></div>"
    )


def _panel(figure: SentenceTrace) -> Any:
    """Le widget : le noyau recalcule la phrase, le navigateur dessine et ouvre ce qu'on clique."""
    import anywidget
    import traitlets

    class Panel(anywidget.AnyWidget):
        _esm = _STATIC / "gpt_trace.js"
        _css = _STATIC / "gpt_trace.css"
        text = traitlets.Unicode().tag(sync=True)
        data = traitlets.Unicode().tag(sync=True)
        place = traitlets.Int().tag(sync=True)
        error = traitlets.Unicode().tag(sync=True)

    panel = Panel(**figure._state())

    def follow(change: dict[str, Any]) -> None:
        try:
            figure.found = trace(figure.model, figure.tokenizer, change["new"])
        except AuroreError as error:
            panel.error = str(error)
            return
        figure.text, figure.place = change["new"], len(figure.found.ids) - 1
        with panel.hold_sync():
            panel.error, panel.place, panel.data = "", figure.place, json.dumps(asdict(figure.found))

    panel.observe(follow, names="text")
    return panel


def sentence_trace(model: gpt.GPT, tokenizer: PreTrainedTokenizerBase, text: str) -> SentenceTrace:
    """Suit une phrase d'un bout à l'autre de `model`, notre GPT : tokens, vecteurs, têtes, blocs, notes, choix."""
    return SentenceTrace(model, tokenizer, text)
