"""Leçon 08, le pupitre : une amorce, des réglages, deux modèles côte à côte, et les chances du token suivant.

Les notes du modèle sont gardées : bouger un réglage ne refait que le choix. Le navigateur, qui en a une copie, redessine les
barres sur-le-champ ; le noyau les confirme par les fonctions de la leçon, un aller-retour plus tard. On choisit un token en pressant sa barre, on reprend le texte en pressant un token écrit. C'est le
navigateur qui demande chaque token : il suffit qu'il se taise pour que l'écriture s'arrête.
"""

import functools
import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from aurore import generation
from aurore.settings import SEED, AuroreError
from aurore.show import count, french_number, in_a_notebook, widget_bundle
from aurore.slider import slider
from aurore.widgets.tokenizer import visible

SHOWN = 12  # barres par modèle
OPENING = 24  # tokens déjà écrits quand on ouvre le pupitre
MOST_BITS = 10.0  # entropie du bleu le plus soutenu
# Le rang d'un token choisi : jusqu'à quel rang, et la couleur de son trait (palette d'Okabe et Ito).
RANKS = ((1, "transparent"), (10, "#56B4E9"), (100, "#E69F00"), (10**9, "#D55E00"))
_STATIC = Path(__file__).parent / "static"

Pair = tuple[PreTrainedModel, PreTrainedTokenizerBase]


class Desk:
    """Le pupitre. `pairs` donne un modèle et son tokenizer par nom ; tous reçoivent la même amorce et les mêmes réglages."""

    def __init__(
        self,
        pairs: dict[str, Pair],
        prompt: str,
        settings: generation.Settings | None = None,
        seed: int = SEED,
        max_new_tokens: int = 80,
        opening: int = OPENING,
    ) -> None:
        self.pairs, self.settings = pairs, settings or generation.Settings()
        self.prompt, self.seed, self.max_new_tokens = prompt, seed, max_new_tokens
        self.restart()
        for _ in range(opening):
            self.step()

    # --- Ce que l'on y fait

    def restart(self, prompt: str | None = None, seed: int | None = None, max_new_tokens: int | None = None) -> None:
        """Efface ce qui est écrit, et garde tout réglage qui n'est pas donné ; rien ne change si l'un est refusé."""
        asked = (
            self.prompt if prompt is None else prompt,
            self.seed if seed is None else seed,
            self.max_new_tokens if max_new_tokens is None else max_new_tokens,
        )
        writers = {
            name: generation.Writer(*pair, asked[0], self.settings, asked[2], asked[1])
            for name, pair in self.pairs.items()
        }
        self.prompt, self.seed, self.max_new_tokens = asked
        self.writers = writers
        self._weighed: dict[str, list[generation.Choice]] = {name: [] for name in writers}

    def configure(self, **changes: Any) -> None:
        """Change des réglages sans rien relire ; ce qui est écrit reste."""
        settings = replace(self.settings, **changes)
        settings.check()
        self.settings = settings
        for writer in self.writers.values():
            writer.settings = settings

    def step(self) -> bool:
        """Écrit un token de plus dans chaque texte qui n'est pas fini ; dit s'il en reste à écrire."""
        for writer in self.writers.values():
            if not writer.is_over:
                writer.write()
        return any(not writer.is_over for writer in self.writers.values())

    def choose(self, name: str, token: int) -> None:
        """Écrit ce token-là dans le texte de ce modèle, s'il n'est pas fini."""
        if not self.writers[name].is_over:
            self.writers[name].write(token)

    def rewind(self, name: str, place: int) -> None:
        """Reprend le texte de ce modèle à la place `place`, comptée depuis 0."""
        self.writers[name].rewind(place)
        del self._weighed[name][place:]

    # --- Ce que l'on y voit

    def bars(self) -> list[dict[str, Any]]:
        """Les tokens suivants de chaque modèle : leur chance avant les règles, et après."""
        return [self._bars(name, writer) for name, writer in self.writers.items()]

    def _bars(self, name: str, writer: generation.Writer) -> dict[str, Any]:
        if writer.is_over:
            return {"name": name, "rows": [], "kept": 0, "vocabulary": 0, "entropy": 0.0}
        adjusted = writer.adjusted()
        before = writer.logits.softmax(-1)
        after = adjusted.softmax(-1)
        if not self.settings.do_sample:  # rien n'est tiré : le mieux noté a toutes les chances
            after = torch.zeros_like(after).index_fill(0, torch.tensor([int(generation.greedy(adjusted))]), 1.0)
        best = before.topk(min(SHOWN, len(before))).indices.tolist()
        tokens = writer.tokenizer.convert_ids_to_tokens(best)
        return {
            "name": name,
            "rows": [
                [token, visible(word), float(before[token]), float(after[token])]
                for token, word in zip(best, tokens, strict=True)
            ],
            "kept": int((after > 0).sum()),
            "vocabulary": len(before),
            "entropy": generation.entropy(writer.logits),
        }

    def notes(self) -> bytes:
        """Les notes du token suivant, en float32, modèle après modèle, avant tout réglage du tirage ; rien d'un texte fini.

        C'est ce qu'il faut au navigateur pour redessiner les barres sans attendre.
        """
        rules = replace(self.settings, do_sample=False)  # la pénalité et les suites interdites, qui veulent le texte
        return b"".join(
            rules.adjust(writer.logits, torch.tensor(writer.ids)).numpy().tobytes()
            for writer in self.writers.values()
            if not writer.is_over
        )

    def texts(self) -> list[dict[str, Any]]:
        """Ce que chaque modèle a écrit : un morceau par token, avec sa chance, son rang et l'entropie d'alors."""
        return [self._text(name, writer) for name, writer in self.writers.items()]

    def _text(self, name: str, writer: generation.Writer) -> dict[str, Any]:
        weighed, written = self._weighed[name], writer.written
        for place in range(len(weighed), len(written)):
            weighed.append(generation.weigh(writer.notes[place], written[place]))
        return {
            "name": name,
            "prompt": writer.text,
            "notice": writer.prompt.notice,
            "over": writer.is_over,
            "tokens": [
                [piece, choice.chance, choice.rank, choice.entropy]
                for piece, choice in zip(_pieces(writer), weighed, strict=True)
            ],
        }

    def __repr__(self) -> str:
        lines = [f"Le pupitre. Amorce : « {self.prompt} ». Réglages : {_said(self.settings)}, graine {self.seed}."]
        for text, bars in zip(self.texts(), self.bars(), strict=True):
            written = "".join(token[0] for token in text["tokens"])
            lines.append(f"{text['name']} écrit : {written}")
            lines += [text["notice"]] if text["notice"] else []
            if bars["rows"]:
                chances = ", ".join(f"« {word} » {_percent(after)}" for _, word, _, after in bars["rows"][:5])
                lines.append(f"Token suivant, {_kept(bars)} : {chances}.")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Le pupitre immobile : les mêmes textes colorés, les mêmes barres, aux réglages où l'on en est."""
        columns = "".join(
            f"<div style='min-width:0'><p style='margin:.3em 0'><strong>{escape(text['name'])}</strong></p>"
            f"{_written_html(text)}{_bars_html(bars)}</div>"
            for text, bars in zip(self.texts(), self.bars(), strict=True)
        )
        return (
            "<section aria-label='Le pupitre'>"
            f"<p style='margin:.3em 0'>Réglages : {escape(_said(self.settings))}, graine {self.seed}.</p>"
            "<div style='display:grid;gap:1.2em;grid-template-columns:repeat(auto-fit,minmax(270px,1fr))'>"
            f"{columns}</div><p style='font-size:12px'>{LEGEND}</p></section>"
        )

    def widget(self) -> Any:
        """Le pupitre animé."""
        return _panel(self)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        text, html = repr(self), self._repr_html_()
        if in_a_notebook():
            return widget_bundle(self.widget(), text, html)
        return {"text/plain": text, "text/html": html}


LEGEND = (
    "Fond bleu : le modèle hésitait (entropie). Trait et petit chiffre : le rang du token choisi ; rien pour le mieux noté,"
    " bleu ciel jusqu'à 10, orange jusqu'à 100, vermillon au-delà."
)


def _pieces(writer: generation.Writer) -> list[str]:
    """Un morceau de texte par token écrit ; celui qui complète un caractère le porte, les autres sont vides."""
    pieces: list[str] = []
    pending: list[int] = []
    for token in writer.written:
        if token == writer.tokenizer.eos_token_id:
            pieces.append("⏹")
            continue
        pending.append(token)
        text = generation.answer(writer.tokenizer, torch.tensor(pending), 0)
        pieces.append("" if text.endswith("\ufffd") else text)
        pending = pending if text.endswith("\ufffd") else []
    return pieces


def _said(settings: generation.Settings) -> str:
    """Les réglages, en mots ; ceux qui ne servent pas n'y sont pas."""
    words = ["tirage au sort" if settings.do_sample else "glouton"]
    if settings.do_sample:
        words.append(f"température {french_number(settings.temperature)}")
        words += [f"top-k {settings.top_k}"] if settings.top_k else []
        words.append(f"top-p {french_number(settings.top_p)}")
    if settings.repetition_penalty != 1:
        words.append(f"pénalité {french_number(settings.repetition_penalty)}")
    if settings.no_repeat_ngram_size:
        words.append(f"jamais deux fois {count(settings.no_repeat_ngram_size, 'token')} de suite")
    return ", ".join(words)


def _percent(chance: float) -> str:
    return f"{french_number(100 * chance, 1)}\u202f%"


def _kept(bars: dict[str, Any]) -> str:
    return f"{count(bars['kept'], 'token possible', 'tokens possibles')} sur {french_number(bars['vocabulary'])}"


def rank_color(rank: int) -> str:
    """La couleur du trait d'un token choisi, selon son rang."""
    return next(color for limit, color in RANKS if rank <= limit)


def _written_html(text: dict[str, Any]) -> str:
    spans = "".join(
        f"<span title='rang {rank}, chance {_percent(chance)}, entropie {french_number(bits, 1)} bits' "
        f"style='background:rgba(0,114,178,{min(1.0, bits / MOST_BITS) * 0.5:.2f});border-bottom:2px solid {rank_color(rank)}'>"
        f"{escape(piece).replace(chr(10), '¶')}{f'<sub style=font-size:.65em>{rank}</sub>' if rank > 1 else ''}</span>{'<br>' if chr(10) in piece else ''}"
        for piece, chance, rank, bits in text["tokens"]
    )
    notice = f"<p role='note'>{escape(text['notice'])}</p>" if text["notice"] else ""
    return f"<p style='margin:.3em 0;line-height:1.9'>{escape(text['prompt'])}{spans}</p>{notice}"


def _bars_html(bars: dict[str, Any]) -> str:
    if not bars["rows"]:
        return "<p>Le texte est fini.</p>"
    rows = "".join(
        f"<tr><th scope='row' style='text-align:left;font-weight:normal;padding:0 .5em'>{escape(word)}</th>"
        f"<td style='padding:0 .5em;text-align:right'>{_percent(before)}</td>"
        f"<td style='padding:0 .5em;text-align:right'>{_percent(after) if after else 'écarté'}</td>"
        f"<td style='width:7em;text-align:left;padding:0'><span style='display:inline-block;height:.8em;background:#0072B2;width:{6.5 * after:.2f}em'></span></td></tr>"
        for _, word, before, after in bars["rows"]
    )
    head = "".join(f"<th scope='col' style='padding:0 .5em'>{name}</th>" for name in ("token", "avant", "après", ""))
    return (
        f"<div style='overflow-x:auto' tabindex='0'><table style='font-size:13px;margin:.3em 0'>"
        f"<caption style='text-align:left'>Token suivant : {_kept(bars)}, entropie {french_number(bars['entropy'], 1)} bits</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


# --- Le widget ------------------------------------------------------------------------------------------


def _panel(desk: Desk) -> Any:
    """Les commandes d'ipywidgets, et dessous la figure : le noyau choisit, le navigateur dessine et demande la suite."""
    import ipywidgets

    figure = _figure(desk)
    controls = _controls(desk)

    def change(name: str, apply: Callable[[Any], None], is_text: bool) -> None:
        def follow(event: dict[str, Any]) -> None:
            try:
                apply(event["new"])
            except AuroreError as error:
                figure.error = str(error)
                return
            figure.show(texts=is_text)

        controls[name].observe(follow, names="value")

    for name in ("temperature", "top_k", "top_p", "repetition_penalty", "no_repeat_ngram_size"):
        change(name, functools.partial(_configure, desk, name), False)
    for name in generation.SAMPLING_ONLY:  # de navigateur à navigateur, sans passer par le noyau
        ipywidgets.jslink((controls[name], "value"), (figure, name))
    change("prompt", lambda value: desk.restart(prompt=value), True)
    change("seed", lambda value: desk.restart(seed=value), True)
    change("max_new_tokens", lambda value: desk.restart(max_new_tokens=value), True)

    def choose_mode(value: bool) -> None:
        desk.configure(do_sample=value)
        for name in generation.SAMPLING_ONLY:  # sans tirage, ces réglages ne font rien : ils s'éteignent
            controls[name].disabled = not value

    change("do_sample", choose_mode, False)
    grid = ipywidgets.Layout(display="grid", grid_template_columns="repeat(auto-fit, minmax(290px, 1fr))")
    others = [control for name, control in controls.items() if name != "prompt"]
    return ipywidgets.VBox([controls["prompt"], ipywidgets.Box(others, layout=grid), figure])


def _configure(desk: Desk, name: str, value: Any) -> None:
    desk.configure(**{name: value})


def _controls(desk: Desk) -> dict[str, Any]:
    import ipywidgets

    settings = desk.settings
    style, wide = {"description_width": "8.5em"}, ipywidgets.Layout(width="97%")

    def made(kind: Any, text: str, value: Any, **named: Any) -> Any:
        return kind(description=text, value=value, style=style, layout=wide, **named)

    modes = [("tirage au sort", True), ("glouton", False)]
    drawn = {"disabled": not settings.do_sample}
    return {
        "prompt": made(ipywidgets.Text, "Amorce", desk.prompt, continuous_update=False),
        "do_sample": made(ipywidgets.Dropdown, "Mode", settings.do_sample, options=modes),
        "temperature": slider("Température", 0.1, 3.0, 0.05, value=settings.temperature, layout=wide, **drawn),
        "top_k": slider("Top-k (0 : tous)", 0, 200, value=settings.top_k, layout=wide, **drawn),
        "top_p": slider("Top-p", 0.05, 1.0, 0.01, value=settings.top_p, layout=wide, **drawn),
        "repetition_penalty": slider("Pénalité", 1.0, 2.0, 0.05, value=settings.repetition_penalty, layout=wide),
        "no_repeat_ngram_size": slider("Suites interdites", 0, 6, value=settings.no_repeat_ngram_size, layout=wide),
        "seed": made(ipywidgets.BoundedIntText, "Graine", desk.seed, min=0, max=10**9),
        "max_new_tokens": slider("Longueur", 10, 200, value=desk.max_new_tokens, layout=wide, continuous_update=False),
    }


def _drawing(settings: generation.Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in generation.SAMPLING_ONLY}


def _told(desk: Desk) -> str:
    """Les barres, et sous quels réglages : le navigateur ne montre pas celles d'un réglage déjà dépassé."""
    return json.dumps(
        {"sides": desk.bars(), "settings": {"do_sample": desk.settings.do_sample, **_drawing(desk.settings)}}
    )


def _figure(desk: Desk) -> Any:
    import anywidget
    import traitlets

    class Figure(anywidget.AnyWidget):
        _esm = _STATIC / "generation_desk.js"
        _css = _STATIC / "generation_desk.css"
        bars = traitlets.Unicode().tag(sync=True)
        texts = traitlets.Unicode().tag(sync=True)
        error = traitlets.Unicode().tag(sync=True)
        turn = traitlets.Int().tag(
            sync=True
        )  # change à chaque réponse : le navigateur sait qu'il peut demander la suite
        legend = traitlets.Unicode(LEGEND).tag(sync=True)
        notes = traitlets.Bytes().tag(sync=True)
        # Les réglages du tirage, que le navigateur suit de lui-même.
        temperature = traitlets.Float().tag(sync=True)
        top_k = traitlets.Int().tag(sync=True)
        top_p = traitlets.Float().tag(sync=True)

        def show(self, texts: bool = True, error: str = "") -> None:
            with self.hold_sync():
                self.error, self.notes, self.bars = error, desk.notes(), _told(desk)
                if texts:
                    self.texts = json.dumps(desk.texts())
                self.turn += 1

    figure = Figure(bars=_told(desk), texts=json.dumps(desk.texts()), notes=desk.notes(), **_drawing(desk.settings))

    def obey(_widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        asked, name = message.get("do"), message.get("name")
        try:
            if asked == "step":
                desk.step()
            elif asked == "restart":
                desk.restart()
            elif asked == "choose" and name in desk.writers:
                desk.choose(name, int(message["token"]))
            elif asked == "rewind" and name in desk.writers:
                desk.rewind(name, int(message["place"]))
        except AuroreError as error:
            figure.show(error=str(error))
            return
        figure.show()

    figure.on_msg(obey)
    return figure


def desk(pairs: dict[str, Pair], prompt: str, **named: Any) -> Desk:
    """Le pupitre de ces modèles, ouvert sur une amorce ; les autres arguments sont ceux de `Desk`."""
    return Desk(pairs, prompt, **named)
