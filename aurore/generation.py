"""Leçon 08 : faire écrire un modèle.

D'abord les règles du choix, une fonction par règle, sur les notes (V,) d'un seul token à venir. Puis `Writer`, qui
écrit en les appliquant, un token à la fois, et sait revenir en arrière. `stream` en est la boucle, `generate` la même
chose par transformers : même graine, même texte. Les faisceaux sont dans `aurore.beams`.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from aurore import tokenizer as bpe
from aurore.settings import SEED, AuroreError
from aurore.show import count

MIN_TEMPERATURE = 0.01  # plus bas, les chances divisées par elle ne sont plus des nombres

PROMPTS = (
    "Le lendemain, avant le jour,",
    "— Ah ! dit la meunière,",
    "Il y avait dans ce pays-là",
)


# --- Les règles du choix --------------------------------------------------------------------------------


def greedy(logits: Tensor) -> int:
    """L'identifiant du token le mieux noté de `logits` (V,) ; à égalité, le plus petit."""
    return int(logits.argmax())


def apply_temperature(logits: Tensor, temperature: float) -> Tensor:
    """Les notes (V,) divisées par `temperature` > 0 : sous 1 elles s'écartent, au-dessus elles se rapprochent."""
    return logits / temperature


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Les notes (V,), où seules les `k` meilleures restent ; les autres deviennent −∞ (Fan et al. 2018).

    Une note égale à la k-ième reste aussi. `k` vaut au moins 1 ; au-delà de V, tout reste.
    """
    worst = logits.topk(min(k, len(logits))).values[-1]
    return logits.masked_fill(logits < worst, -torch.inf)


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Les notes (V,), où ne restent que les tokens les plus probables dont la somme atteint `p` (Holtzman et al. 2020).

    Les autres deviennent −∞. Le token qui fait atteindre `p`, compris entre 0 et 1, reste : il y en a toujours un.
    """
    ordered, ranks = logits.sort()  # du moins probable au plus probable
    removed = ordered.softmax(-1).cumsum(-1) <= 1 - p
    removed[-1] = False
    return logits.masked_fill(torch.empty_like(removed).scatter(0, ranks, removed), -torch.inf)


def penalize_repetition(logits: Tensor, ids: Tensor, penalty: float) -> Tensor:
    """Les notes (V,), où celles des tokens déjà présents dans `ids` (T,) baissent (Keskar et al. 2019, CTRL).

    Une note positive est divisée par `penalty`, une note négative multipliée, une fois par token, si souvent qu'il soit
    venu. À 1, rien ne change ; sous 1, on pousse à répéter.
    """
    seen = logits[ids]
    return logits.scatter(0, ids, torch.where(seen < 0, seen * penalty, seen / penalty))


def forbid_repeats(logits: Tensor, ids: Tensor, size: int) -> Tensor:
    """Les notes (V,), où devient −∞ tout token qui referait une suite de `size` tokens déjà dans `ids` (T,)."""
    written = ids.tolist()
    ending = written[len(written) - size + 1 :]
    banned = {
        written[start + size - 1]
        for start in range(len(written) - size + 1)
        if written[start : start + size - 1] == ending
    }
    return logits.index_fill(0, torch.tensor(sorted(banned), dtype=torch.long, device=logits.device), -torch.inf)


def extend_beams(totals: Tensor, logits: Tensor, width: int) -> list[tuple[int, int, float]]:
    """Les `width` meilleures façons d'allonger B débuts d'un token : `(début, token, total)`, de la meilleure à la pire.

    `totals` (B,) porte la log-probabilité de chaque début, `logits` (B, V) les notes de ce qui le suit. Un total est
    celui du début plus la log-probabilité du token, en nats.
    """
    sums = totals[:, None] + logits.log_softmax(-1)  # (B, V)
    best = sums.flatten().topk(min(width, sums.numel()))
    ranks = best.indices.tolist()
    return [(*divmod(rank, logits.shape[1]), total) for rank, total in zip(ranks, best.values.tolist(), strict=True)]


SAMPLING_ONLY, BEAMS_ONLY = ("temperature", "top_k", "top_p"), ("early_stopping", "length_penalty")


def ignored_settings(settings: dict[str, Any]) -> list[str]:
    """Les réglages donnés à `generate` de transformers et qui n'y changent rien, dans l'ordre où on les donne.

    La température, top-k et top-p veulent `do_sample=True` ; `early_stopping` et `length_penalty`, `num_beams` > 1.
    """
    idle: tuple[str, ...] = ()
    if not settings.get("do_sample", False):
        idle += SAMPLING_ONLY
    if settings.get("num_beams", 1) < 2:
        idle += BEAMS_ONLY
    return [name for name in settings if name in idle]


def answer(tokenizer: PreTrainedTokenizerBase, output: Tensor, length: int) -> str:
    """Ce qu'un modèle a écrit de neuf : les tokens de `output` (T,) après les `length` de l'amorce.

    S'arrête à la fin de texte, qui n'est pas rendue, non plus que ce qui la suit.
    """
    written = output.tolist()[length:]
    if tokenizer.eos_token_id in written:
        written = written[: written.index(tokenizer.eos_token_id)]
    # Le « nettoyage » de la bibliothèque ôterait l'espace que le français met devant « ! » et « ? ».
    return tokenizer.decode(written, skip_special_tokens=True, clean_up_tokenization_spaces=False)


# --- Les réglages ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Settings:
    """De quoi choisir le token suivant, sous les noms et dans l'ordre de transformers.

    `repetition_penalty` et `no_repeat_ngram_size` (0 : rien d'interdit) servent toujours ; `temperature`, `top_k`
    (0 : tous) et `top_p`, seulement quand on tire au sort (`do_sample`).
    """

    do_sample: bool = True
    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 0.95
    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0

    def check(self) -> None:
        """Lève `AuroreError` si un réglage est hors limites."""
        if not MIN_TEMPERATURE <= self.temperature <= 5 or not 0 < self.top_p <= 1:
            raise AuroreError(
                f"Réglages hors limites : température {self.temperature} (entre {MIN_TEMPERATURE} et 5), top-p {self.top_p} (entre 0 et 1, 0 exclu)."
            )
        if self.top_k < 0 or self.no_repeat_ngram_size < 0 or not 0 < self.repetition_penalty <= 10:
            raise AuroreError(
                f"Réglages hors limites : top-k {self.top_k} et n-grammes {self.no_repeat_ngram_size} (0 ou plus), pénalité {self.repetition_penalty} (entre 0 et 10, 0 exclu)."
            )

    def adjust(self, logits: Tensor, ids: Tensor) -> Tensor:
        """Les notes (V,) après toutes les règles, sachant le texte `ids` (T,)."""
        if self.repetition_penalty != 1:
            logits = penalize_repetition(logits, ids, self.repetition_penalty)
        if self.no_repeat_ngram_size:
            logits = forbid_repeats(logits, ids, self.no_repeat_ngram_size)
        if not self.do_sample:
            return logits
        logits = apply_temperature(logits, self.temperature)
        if self.top_k:
            logits = keep_top_k(logits, self.top_k)
        return keep_top_p(logits, self.top_p) if self.top_p < 1 else logits

    def for_generate(self) -> dict[str, Any]:
        """Les mêmes, pour `generate` de transformers."""
        always = {
            "repetition_penalty": float(self.repetition_penalty),
            "no_repeat_ngram_size": self.no_repeat_ngram_size,
        }
        if not self.do_sample:
            return {"do_sample": False, **always}
        drawn = {"temperature": float(self.temperature), "top_k": self.top_k, "top_p": float(self.top_p)}
        return {"do_sample": True, **drawn, **always}


# --- L'amorce -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prompt:
    """Une amorce prête à lire : ses tokens (1, T), combien en écrire, et le texte du début qui n'a pas tenu."""

    ids: Tensor
    max_new_tokens: int
    unread: str = ""
    asked: int = 0  # tokens demandés, si c'est plus que le contexte n'en permet

    @property
    def notice(self) -> str:
        """Ce qui a été coupé, et pourquoi ; vide si rien ne l'a été."""
        parts = []
        if self.unread:
            tail = " ".join(self.unread.split()[-6:])
            kept = f"{count(self.ids.shape[1], 'token lu', 'tokens lus')} et {self.max_new_tokens} à écrire"
            parts.append(
                f"L'amorce est trop longue pour le contexte ({kept}) : ses {count(len(self.unread), 'premier caractère', 'premiers caractères')}, jusqu'à « {tail} », ne sont pas lus."
            )
        if self.asked:
            parts.append(
                f"Vous demandez {count(self.asked, 'token')}, et ce modèle en écrit {self.max_new_tokens} au plus d'une traite."
            )
        return " ".join(parts)


def read_prompt(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str, max_new_tokens: int = 120
) -> Prompt:
    """Change une amorce de n'importe quelle longueur en tokens, et la coupe par le début si le contexte est trop court.

    Tout texte convient : ce que le tokenizer n'a jamais vu se découpe en octets, « <|endoftext|> » tapé au clavier reste un
    texte, et une amorce vide commence à la fin de texte, comme un document neuf. Jamais un caractère n'est coupé en deux.
    Lève `AuroreError` si le texte n'est pas de l'UTF-8 ou si l'on demande moins d'un token.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # des octets venus d'un terminal qui n'est pas en UTF-8
        raise AuroreError(
            "L'amorce contient des octets qui ne sont pas du texte en UTF-8. Retapez-la, ou réglez le terminal sur UTF-8."
        ) from None
    if max_new_tokens < 1:
        raise AuroreError(f"Vous demandez {max_new_tokens} token à écrire. Demandez-en au moins un.")
    context = model.config.max_position_embeddings
    allowed = min(max_new_tokens, context - 1)
    # Un marqueur de fin tapé par quelqu'un n'est qu'un texte : sinon, il ferait oublier tout ce qui le précède.
    ids = tokenizer(text, verbose=False, split_special_tokens=True)["input_ids"] or [tokenizer.eos_token_id]
    cut = max(0, len(ids) - (context - allowed))
    while cut and cut < len(ids) - 1 and _decode(tokenizer, ids[cut:]).startswith("\ufffd") and "\ufffd" not in text:
        cut += 1
    return Prompt(
        torch.tensor([ids[cut:]], device=model.device),
        allowed,
        _decode(tokenizer, ids[:cut]),
        max_new_tokens if max_new_tokens > allowed else 0,
    )


def _decode(tokenizer: PreTrainedTokenizerBase, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def whole_sentences(text: str) -> str:
    """`text` jusqu'à la fin de sa dernière phrase entière ; tel quel s'il n'en a pas une."""
    ends = [rank for rank, letter in enumerate(text) if letter in ".!?…»" and _ends_there(text, rank)]
    return text[: ends[-1] + 1] if ends else text


def _ends_there(text: str, rank: int) -> bool:
    """Un guillemet fermant ne finit une phrase que s'il suit un point ; un point, que s'il est suivi d'un blanc."""
    if text[rank] == "»":
        return text[:rank].rstrip()[-1:] in tuple(".!?…")
    abbreviated = text[rank] == "." and text[:rank].split()[-1:] in ([*"M"], ["MM"])  # « M. Maurice »
    return not abbreviated and (rank + 1 == len(text) or text[rank + 1].isspace())


# --- Écrire ---------------------------------------------------------------------------------------------


@dataclass
class Writer:
    """Un texte qui s'écrit, un token à la fois, et que l'on peut reprendre à n'importe quelle place.

    `ids` : les tokens lus puis écrits. Chaque place écrite garde ses notes (V,), d'avant toute règle : en changer une ne
    demande pas de relire. Le cache des clés et des valeurs évite de recalculer ce qui a déjà été lu.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    text: str
    settings: Settings = field(default_factory=Settings)
    max_new_tokens: int = 120
    seed: int = SEED

    def __post_init__(self) -> None:
        self.settings.check()
        if not -(2**63) <= self.seed < 2**64:
            raise AuroreError(
                "La graine du tirage est hors limites : elle doit tenir en 64 bits. Donnez un nombre plus court."
            )
        self.prompt = read_prompt(self.model, self.tokenizer, self.text, self.max_new_tokens)
        self.ids: list[int] = self.prompt.ids[0].tolist()
        self.start = len(self.ids)
        self.notes: list[Tensor] = []  # (V,), une par place écrite, et celle qui vient si elle est déjà lue
        self._draw = torch.Generator(self.model.device).manual_seed(self.seed)
        self._draws: list[Tensor] = []  # l'état du hasard avant chaque place écrite
        self._cache: Any = None
        self._read = 0  # tokens déjà dans le cache

    @property
    def written(self) -> list[int]:
        """Les tokens écrits, sans l'amorce."""
        return self.ids[self.start :]

    @property
    def is_over(self) -> bool:
        """Dit si le texte est fini : fin de texte écrite, ou longueur atteinte."""
        written = self.written
        return len(written) >= self.prompt.max_new_tokens or self.tokenizer.eos_token_id in written[-1:]

    @property
    def logits(self) -> Tensor:
        """Les notes (V,) du token suivant, telles que le modèle les donne ; lues une seule fois."""
        if len(self.notes) == len(self.written):
            with torch.inference_mode():
                unread = torch.tensor([self.ids[self._read :]], device=self.model.device)
                output = self.model.eval()(unread, past_key_values=self._cache, use_cache=True)
            self._cache, self._read = output.past_key_values, len(self.ids)
            self.notes.append(output.logits[0, -1].float())
        return self.notes[-1]

    def adjusted(self) -> Tensor:
        """Les notes (V,) du token suivant, après les règles de `settings`."""
        return self.settings.adjust(self.logits, self.prompt.ids.new_tensor(self.ids))

    def choose(self) -> int:
        """Le token suivant, selon les règles : le mieux noté, ou tiré au sort. Ne l'écrit pas."""
        notes = self.adjusted()
        if not self.settings.do_sample:
            return int(greedy(notes))
        return int(torch.multinomial(notes.softmax(-1), 1, generator=self._draw))

    def write(self, token: int | None = None) -> int:
        """Écrit `token`, ou celui que choisissent les règles, et le rend."""
        state = self._draw.get_state()
        if token is None:
            token = self.choose()
        else:
            self.logits  # noqa: B018 - un token imposé a ses notes, lui aussi
        self._draws.append(state)
        self.ids.append(token)
        return token

    def rewind(self, place: int) -> None:
        """Efface ce qui est écrit à partir de la place `place`, comptée depuis 0 ; le hasard revient où il en était."""
        if not 0 <= place < len(self.written):
            return
        del self.ids[self.start + place :], self.notes[place + 1 :]
        self._draw.set_state(self._draws[place])
        del self._draws[place:]
        if self._read > len(self.ids):
            self._cache.crop(len(self.ids) - self._read)  # un nombre négatif : combien de tokens ôter
            self._read = len(self.ids)

    def pieces(self) -> Iterator[str]:
        """Écrit jusqu'à la fin et rend le texte morceau par morceau ; un caractère de plusieurs tokens, entier."""
        shown = ""
        while not self.is_over:
            self.write()
            text = answer(self.tokenizer, torch.tensor(self.written), 0)
            # « \ufffd » à la fin : un caractère dont il manque encore des octets.
            if not text.endswith("\ufffd") or self.is_over:
                yield text[len(shown) :]
                shown = text


def generate(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    max_new_tokens: int = 120,
    temperature: float = 0.8,
    top_p: float = 0.95,
    seed: int = SEED,
    **others: Any,
) -> str:
    """Prolonge `prompt` par tirage au sort, avec `generate` de transformers, et rend le tout, amorce comprise.

    `temperature` > 0 étale ou resserre les chances ; `top_p` ne garde que les tokens les plus probables
    dont la somme atteint cette part. `others` sont les autres champs de `Settings`. Même `seed`, même texte. L'amorce et
    la suite tiennent ensemble dans le contexte du modèle : une amorce trop longue perd son début (`read_prompt` dit quoi).
    """
    writer = Writer(
        model, tokenizer, prompt, Settings(temperature=temperature, top_p=top_p, **others), max_new_tokens, seed
    )
    ids = writer.prompt.ids
    torch.manual_seed(seed)
    with torch.inference_mode():
        output = model.eval().generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=writer.prompt.max_new_tokens,
            pad_token_id=tokenizer.eos_token_id,
            **writer.settings.for_generate(),
        )
    return prompt + answer(tokenizer, output[0], ids.shape[1])


def stream(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    max_new_tokens: int = 120,
    temperature: float = 0.8,
    top_p: float = 0.95,
    seed: int = SEED,
    **others: Any,
) -> Iterator[str]:
    """Le texte de `generate`, sans l'amorce, rendu morceau par morceau dès que chaque token est tiré.

    Les règles sont ici celles de cette leçon. Un caractère fait de plusieurs tokens n'est rendu qu'entier. Les réglages
    et les erreurs sont ceux de `generate`.
    """
    settings = Settings(temperature=temperature, top_p=top_p, **others)
    yield from Writer(model, tokenizer, prompt, settings, max_new_tokens, seed).pieces()


@dataclass(frozen=True)
class Trial:
    """Un jeu de réglages essayé sur `generate` de transformers : ceux qui n'y font rien, et le texte neuf."""

    settings: dict[str, Any]
    ignored: list[str]
    text: str


def try_settings(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompt: str,
    variants: list[dict[str, Any]],
    max_new_tokens: int = 40,
    seed: int = SEED,
) -> list[Trial]:
    """Fait écrire `prompt` sous chaque jeu de réglages, chaque fois avec la même graine."""
    read, trials = read_prompt(model, tokenizer, prompt, max_new_tokens), []
    fixed = {"max_new_tokens": read.max_new_tokens, "pad_token_id": tokenizer.eos_token_id}
    for settings in variants:
        torch.manual_seed(seed)
        with torch.inference_mode(), quiet_warnings():
            output = model.eval().generate(read.ids, attention_mask=torch.ones_like(read.ids), **fixed, **settings)
        text = answer(tokenizer, output[0], read.ids.shape[1])
        trials.append(Trial(settings, ignored_settings(settings), text))
    return trials


@contextlib.contextmanager
def quiet_warnings() -> Iterator[None]:
    """Fait taire un moment les avertissements de transformers : la leçon dit elle-même ce qui est sans effet."""
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)


# --- Ce que l'on mesure d'un texte écrit ----------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Un token écrit : sa chance avant toute règle, son rang (1 : le mieux noté), et l'entropie des chances, en bits."""

    token: int
    chance: float
    rank: int
    entropy: float


def entropy(logits: Tensor) -> float:
    """L'entropie, en bits, des chances que donnent des notes (V,) : 0 si tout est joué, log2 V si tout se vaut."""
    logs = logits.log_softmax(-1)
    return max(0.0, float(-(logs.exp() * logs.clamp(min=-1e4)).sum() / torch.log(torch.tensor(2.0))))


def choices(writer: Writer) -> list[Choice]:
    """Ce que valait chaque token écrit, du premier au dernier."""
    return [weigh(notes, token) for notes, token in zip(writer.notes, writer.written, strict=False)]


def weigh(logits: Tensor, token: int) -> Choice:
    """Ce que vaut `token` d'après les notes (V,) du modèle."""
    rank = 1 + int((logits > logits[token]).sum())
    return Choice(token, float(logits.softmax(-1)[token]), rank, entropy(logits))


def repeated_share(ids: list[int], size: int = 4) -> float:
    """La part des suites de `size` tokens de `ids` qui s'y trouvaient déjà plus tôt ; 0 si le texte est trop court."""
    runs = [tuple(ids[start : start + size]) for start in range(len(ids) - size + 1)]
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def broken_share(ids: list[int], length: int, size: int) -> float:
    """La part des passages de `length` tokens de `ids`, mis bout à bout, où une suite de `size` tokens revient.

    C'est ce que `no_repeat_ngram_size=size` empêcherait d'écrire. Lève `AuroreError` si le texte n'a pas un passage.
    """
    passages = [ids[start : start + length] for start in range(0, len(ids) - length + 1, length)]
    if not passages:
        raise AuroreError(f"Le texte fait {count(len(ids), 'token')}, et un passage {length}. Donnez-en un plus long.")
    return sum(repeated_share(passage, size) > 0 for passage in passages) / len(passages)


@torch.inference_mode()
def log_probability(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompt: str, text: str) -> float:
    """La log-probabilité, en nats, que le modèle donne à `text` juste après `prompt`.

    Les deux se découpent à part : la frontière entre eux est la même quel que soit `text`.
    """
    following = tokenizer(text, split_special_tokens=True)["input_ids"]
    before = read_prompt(model, tokenizer, prompt, len(following)).ids[0]
    after = before.new_tensor(following)
    logs = model.eval()(torch.cat([before, after])[None]).logits[0, len(before) - 1 : -1].float().log_softmax(-1)
    return float(logs.gather(1, after[:, None]).sum())


@torch.inference_mode()
def write_batch(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: list[str],
    max_new_tokens: int,
    side: str = "left",
    masked: bool = True,
    seed: int = SEED,
    **settings: Any,
) -> list[list[int]]:
    """Fait écrire plusieurs amorces en un seul lot ; rend les tokens neufs de chacune.

    Les amorces inégales se remplissent à gauche (`side`), et l'`attention_mask` dit au modèle de ne pas lire le
    remplissage. `side="right"` et `masked=False` ne sont là que pour montrer ce que l'on perd.
    """
    rows = [read_prompt(model, tokenizer, prompt, max_new_tokens).ids[0].tolist() for prompt in prompts]
    ids, mask = (torch.tensor(part) for part in bpe.pad_batch(rows, tokenizer.eos_token_id, side))
    torch.manual_seed(seed)
    with quiet_warnings():
        output = model.eval().generate(
            ids,
            attention_mask=mask if masked else torch.ones_like(mask),
            max_new_tokens=max_new_tokens,
            pad_token_id=tokenizer.eos_token_id,
            **settings,
        )
    return [_until_end(row, tokenizer.eos_token_id) for row in output[:, ids.shape[1] :].tolist()]


def _until_end(ids: list[int], end: int) -> list[int]:
    return ids[: ids.index(end)] if end in ids else ids
