"""La génération : chaque règle égale celle de transformers, le tirage est juste, l'amorce est là, la graine décide."""

import math

import pytest
import torch
from small import small_model, small_tokenizer
from transformers import (
    GenerationConfig,
    NoRepeatNGramLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from aurore import beams, generation
from aurore.settings import AuroreError

# --- Chaque règle, et celle de transformers -------------------------------------------------------------

CASES, VOCABULARY = 1000, 40


def random_cases():
    """Mille jeux de notes, (1000, V), et mille textes, (1000, 12) : notes quelconques, à égalité, énormes, ou déjà à −∞."""
    draw = torch.Generator().manual_seed(1804)
    notes = 3 * torch.randn(CASES, VOCABULARY, generator=draw)
    notes[200:400] = notes[200:400].round()  # beaucoup d'ex aequo
    notes[400:450] = 1.5  # toutes égales
    notes[450:600] *= 1e4  # une seule chance qui compte
    notes[600:650] *= 1e-6
    notes[650:800][torch.rand(150, VOCABULARY, generator=draw) < 0.6] = -math.inf
    notes[650:800, 7] = 0.5  # il en reste au moins une
    notes[800:850] = -notes[800:850].abs()
    texts = torch.randint(0, VOCABULARY, (CASES, 12), generator=draw)
    texts[:500] = torch.randint(0, 4, (500, 12), generator=draw)  # des textes qui se répètent
    return notes, texts


RULES = {
    "température": (TemperatureLogitsWarper, generation.apply_temperature, (0.01, 0.3, 1.0, 2.5), False),
    "top-k": (TopKLogitsWarper, generation.keep_top_k, (1, 2, 10, VOCABULARY, 500), False),
    "top-p": (TopPLogitsWarper, generation.keep_top_p, (1e-6, 0.3, 0.5, 0.9, 1.0), False),
    "pénalité": (RepetitionPenaltyLogitsProcessor, generation.penalize_repetition, (0.5, 1.0, 1.3, 10.0), True),
    "n-grammes": (NoRepeatNGramLogitsProcessor, generation.forbid_repeats, (1, 2, 3, 4, 20), True),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_gives_what_transformers_gives(name):
    theirs, ours, values, reads_the_text = RULES[name]
    notes, texts = random_cases()
    for value in values:
        expected = theirs(value)(texts, notes.clone())
        given = [(row, text, value) if reads_the_text else (row, value) for row, text in zip(notes, texts, strict=True)]
        assert torch.equal(torch.stack([ours(*arguments) for arguments in given]), expected), value


def test_greedy_takes_what_transformers_takes():
    notes, _ = random_cases()
    assert [generation.greedy(row) for row in notes] == notes.argmax(-1).tolist()


def test_extending_beams_keeps_the_best_totals():
    draw = torch.Generator().manual_seed(1)
    for case in range(1000):
        width, beams_count = 1 + case % 6, 1 + case % 4
        logits = torch.randn(beams_count, 15, generator=draw) * (1 + case % 50)
        totals = -10 * torch.rand(beams_count, generator=draw)
        if case % 5 == 0:
            logits = logits.round()
        rows = generation.extend_beams(totals, logits, width)
        sums = totals[:, None] + torch.log_softmax(logits, -1)
        expected = sums.flatten().sort(descending=True).values[:width]
        assert torch.equal(torch.tensor([total for *_, total in rows]), expected)
        assert all(sums[start, token] == total for start, token, total in rows)
        assert len({(start, token) for start, token, _ in rows}) == width


@pytest.mark.parametrize(
    "settings",
    [
        {"num_beams": 5, "temperature": 0.7, "top_p": 0.9, "top_k": 40, "early_stopping": True},
        {"do_sample": True, "temperature": 0.7, "early_stopping": True, "num_beams": 1},
        {"temperature": 0.2, "length_penalty": 2.0},
        {"do_sample": False, "top_p": 0.5, "num_beams": 3, "length_penalty": 2.0},
        {"do_sample": True, "num_beams": 3, "top_k": 10, "length_penalty": 0.5},
        {"max_new_tokens": 4, "repetition_penalty": 1.2, "no_repeat_ngram_size": 2},
    ],
)
def test_transformers_itself_says_which_settings_are_idle(settings):
    try:
        GenerationConfig(**settings).validate(strict=True)
        warned = ""
    except ValueError as error:
        warned = str(error)
    for name in (*generation.SAMPLING_ONLY, *generation.BEAMS_ONLY):
        assert (f"`{name}`" in warned) == (name in generation.ignored_settings(settings)), name


# --- Le tirage ------------------------------------------------------------------------------------------

# Le seuil à un pour mille de la loi du chi-deux, selon le nombre de degrés de liberté (tables usuelles).
CHI_SQUARE = {4: 18.467, 9: 27.877}
DRAWS = 20_000


@pytest.mark.parametrize(
    "settings", [{"temperature": 1.0, "top_p": 1.0}, {"temperature": 0.7, "top_k": 5, "top_p": 1.0}]
)
def test_tokens_come_as_often_as_their_chances(settings):
    """Mille fois vingt tirages par `Writer.choose`, comparés aux chances calculées à la main."""
    notes = torch.linspace(-1, 1.7, 10)
    writer = generation.Writer(small_model(), small_tokenizer(), "Le", generation.Settings(**settings), seed=5)
    writer.notes.append(notes)
    drawn = torch.bincount(torch.tensor([writer.choose() for _ in range(DRAWS)]), minlength=10).double()
    chances = (notes.double() / settings["temperature"]).exp()
    chances[: 10 - settings.get("top_k", 10)] = 0
    expected = DRAWS * chances / chances.sum()
    possible = expected > 0
    assert drawn[~possible].sum() == 0
    statistic = ((drawn - expected)[possible] ** 2 / expected[possible]).sum()
    assert statistic < CHI_SQUARE[int(possible.sum()) - 1]


# --- Écrire ---------------------------------------------------------------------------------------------


def test_text_starts_with_the_prompt_and_goes_on():
    text = generation.generate(small_model(), small_tokenizer(), "Le meunier", max_new_tokens=20)
    assert text.startswith("Le meunier")
    assert len(text) > len("Le meunier")


def test_the_seed_decides():
    model, tokenizer = small_model(), small_tokenizer()
    one, same, other = (generation.generate(model, tokenizer, "Le", 20, seed=seed) for seed in (1, 1, 2))
    assert one == same != other


def test_tiny_top_p_is_greedy():
    model, tokenizer = small_model(), small_tokenizer()
    sampled = generation.generate(model, tokenizer, "Le meunier", 10, top_p=1e-6, seed=5)
    ids = tokenizer("Le meunier", return_tensors="pt")["input_ids"]
    greedy = model.generate(ids, max_new_tokens=10, do_sample=False, pad_token_id=tokenizer.eos_token_id)
    assert sampled == tokenizer.decode(greedy[0], skip_special_tokens=True)


@pytest.mark.parametrize("tokens_asked", [1, 63, 500])
def test_long_prompts_and_long_answers_fit_the_context(tokens_asked):
    prompt = "Le meunier regardait couler l'eau. " * 40
    assert generation.generate(small_model(), small_tokenizer(), prompt, tokens_asked).startswith(prompt)


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": 0.0},
        {"temperature": -1.0},
        {"top_p": 0.0},
        {"top_p": 1.5},
        {"top_k": -1},
        {"repetition_penalty": 0},
        {"seed": 2**64},
    ],
)
def test_absurd_settings_are_refused(settings):
    with pytest.raises(AuroreError):
        generation.generate(small_model(), small_tokenizer(), **({"prompt": "Le"} | settings))


# --- Au fil de l'eau ------------------------------------------------------------------------------------

EVERY_RULE = {"temperature": 1.2, "top_k": 30, "top_p": 0.9, "repetition_penalty": 1.2, "no_repeat_ngram_size": 2}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"temperature": 0.3},
        {"top_p": 0.5},
        {"temperature": 1.5, "top_p": 1.0},
        EVERY_RULE,
        {"do_sample": False, "repetition_penalty": 1.3},
    ],
)
def test_stream_writes_what_generate_writes(seed, settings):
    model, tokenizer = small_model(), small_tokenizer()
    pieces = list(generation.stream(model, tokenizer, "Le meunier", 40, seed=seed, **settings))
    assert "Le meunier" + "".join(pieces) == generation.generate(
        model, tokenizer, "Le meunier", 40, seed=seed, **settings
    )
    assert len(pieces) > 5, "les morceaux viennent un à un"


def test_stream_calls_the_model_once_per_token_and_only_on_demand():
    model, tokenizer = small_model(), small_tokenizer()
    lengths = []
    model.register_forward_pre_hook(
        lambda module, arguments, named: lengths.append(arguments[0].shape[1]), with_kwargs=True
    )
    writing = generation.stream(model, tokenizer, "Le meunier regardait", 30)
    assert lengths == []
    for _ in range(3):
        next(writing)
    prompt = len(tokenizer("Le meunier regardait")["input_ids"])
    assert lengths[0] == prompt and set(lengths[1:]) == {1}, "le cache évite de relire l'amorce"
    assert len(lengths) < 30, "ce qui n'est pas demandé n'est pas calculé"


def one_token_after_another(tokenizer, wanted):
    """Un modèle qui écrit ces tokens, dans cet ordre, avec certitude."""
    model = small_model()
    coming = iter(wanted)

    def impose(module, arguments, output):
        output.logits[:] = -1e4
        output.logits[..., next(coming)] = 1e4
        return output

    model.register_forward_hook(impose)
    return model


def test_stream_never_shows_half_a_character():
    tokenizer = small_tokenizer()
    wanted = tokenizer("œ🦆 !")["input_ids"]
    assert len(wanted) > 4, "il faut des caractères de plusieurs tokens pour que l'essai vaille"
    pieces = list(generation.stream(one_token_after_another(tokenizer, wanted), tokenizer, "Le", len(wanted)))
    assert "".join(pieces) == "œ🦆 !"
    assert not any("\ufffd" in piece for piece in pieces)
    assert pieces[:2] == ["œ", "🦆"]


def test_stream_stops_at_the_end_of_text_and_does_not_show_it():
    tokenizer = small_tokenizer()
    wanted = [*tokenizer("eau")["input_ids"], tokenizer.eos_token_id, *tokenizer("jamais")["input_ids"]]
    assert "".join(generation.stream(one_token_after_another(tokenizer, wanted), tokenizer, "Le", 20)) == "eau"


def test_an_unfinished_character_is_shown_at_the_end_rather_than_lost():
    tokenizer = small_tokenizer()
    first_byte = tokenizer("œ")["input_ids"][:1]
    pieces = list(generation.stream(one_token_after_another(tokenizer, first_byte), tokenizer, "Le", 1))
    assert pieces == ["\ufffd"]


def test_stream_leaves_the_worlds_chance_alone():
    model, tokenizer = small_model(), small_tokenizer()
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    list(generation.stream(model, tokenizer, "Le", 5))
    assert torch.rand(1) == expected


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"top_p": 0.0}, {"no_repeat_ngram_size": -1}])
def test_stream_refuses_absurd_settings(settings):
    with pytest.raises(AuroreError):
        next(generation.stream(small_model(), small_tokenizer(), **({"prompt": "Le"} | settings)))


def test_stream_keeps_to_the_context():
    prompt = "Le meunier regardait couler l'eau. " * 40
    assert "".join(generation.stream(small_model(), small_tokenizer(), prompt, 500))


# --- L'amorce -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prompt", ["", "   ", "\n", "🦆", "漢字", "\u0000", "a<|endoftext|>b", "Le\u00a0meunier\u202f!"]
)
def test_any_prompt_is_read_and_continued(prompt):
    model, tokenizer = small_model(), small_tokenizer()
    read = generation.read_prompt(model, tokenizer, prompt, 5)
    text = generation.generate(model, tokenizer, prompt, 5)
    assert text.startswith(prompt) and read.notice == ""
    assert text == prompt + "".join(generation.stream(model, tokenizer, prompt, 5))
    expected = [tokenizer.eos_token_id] if not prompt else tokenizer(prompt, split_special_tokens=True)["input_ids"]
    assert read.ids[0].tolist() == expected
    assert (tokenizer.eos_token_id in expected) == (not prompt), "un marqueur tapé n'est qu'un texte"


@pytest.mark.parametrize("words", [70, 200, 5000])
def test_a_long_prompt_says_what_was_cut(words):
    model, tokenizer = small_model(), small_tokenizer()
    prompt = " ".join(f"meunier{number}" for number in range(words))
    read = generation.read_prompt(model, tokenizer, prompt, 10)
    assert read.ids.shape[1] + read.max_new_tokens <= model.config.max_position_embeddings
    assert read.unread + tokenizer.decode(read.ids[0]) == prompt, "rien ne se perd sans être dit"
    assert " ".join(read.unread.split()[-6:]) in read.notice and "ne sont pas lus" in read.notice


def test_a_cut_never_splits_a_character():
    model, tokenizer = small_model(), small_tokenizer()
    for extra in range(1, 8):
        read = generation.read_prompt(model, tokenizer, "🦆" * 40 + "a" * extra, 10)
        assert "\ufffd" not in tokenizer.decode(read.ids[0]) and "\ufffd" not in read.unread


def test_too_many_tokens_asked_is_said():
    read = generation.read_prompt(small_model(), small_tokenizer(), "Le", 500)
    assert read.max_new_tokens == 63 and "500 tokens" in read.notice
    with pytest.raises(AuroreError, match="au moins un"):
        generation.read_prompt(small_model(), small_tokenizer(), "Le", 0)
    with pytest.raises(AuroreError, match="UTF-8"):
        generation.read_prompt(small_model(), small_tokenizer(), "Le \udcff", 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il vint. Elle dor", "Il vint."),
        ("« Ah ! » dit M. Jean. Puis il s'en", "« Ah ! » dit M. Jean."),
        ("Il dit : « Venez. » Et", "Il dit : « Venez. »"),
        ("Il vint, le « beau » meunier", "Il vint, le « beau » meunier"),
        ("Elle vit M. Maurice", "Elle vit M. Maurice"),
        ("Vient-il ? Oui…", "Vient-il ? Oui…"),
        ("", ""),
    ],
)
def test_a_text_is_cut_at_its_last_whole_sentence(text, expected):
    assert generation.whole_sentences(text) == expected


# --- Reprendre ------------------------------------------------------------------------------------------


def test_rewinding_then_going_on_gives_the_same_text():
    writer = generation.Writer(small_model(), small_tokenizer(), "Le meunier", max_new_tokens=30)
    whole = [writer.write() for _ in range(20)]
    for place in (19, 12, 3, 0):
        writer.rewind(place)
        assert writer.written == whole[:place]
        while len(writer.written) < 20:
            writer.write()
        assert writer.written == whole


def test_a_forced_token_changes_what_follows_and_is_read():
    model, tokenizer = small_model(), small_tokenizer()
    writer = generation.Writer(model, tokenizer, "Le meunier", max_new_tokens=10)
    writer.write()
    writer.write(7)
    ids = torch.tensor([writer.ids])
    with torch.no_grad():
        assert torch.allclose(writer.logits, model(ids).logits[0, -1], atol=1e-4)
    assert writer.written[1] == 7 and len(writer.notes) == 3


def test_a_changed_setting_reads_nothing_again():
    model = small_model()
    writer = generation.Writer(model, small_tokenizer(), "Le meunier")
    before, reads = writer.adjusted(), []
    model.register_forward_pre_hook(lambda *_: reads.append(1))
    writer.settings = generation.Settings(temperature=0.2, top_k=3)
    assert not torch.equal(writer.adjusted(), before) and reads == []


def test_choices_are_weighed_by_the_raw_notes():
    writer = generation.Writer(small_model(), small_tokenizer(), "Le", generation.Settings(do_sample=False))
    writer.write()
    writer.write(int(writer.logits.argsort(descending=True)[4]))
    first, second = generation.choices(writer)
    assert (first.rank, second.rank) == (1, 5)
    assert second.chance == pytest.approx(float(writer.notes[1].softmax(-1)[second.token]))


def test_entropy_is_that_of_torch():
    notes, _ = random_cases()
    for row in notes[::10]:
        expected = torch.distributions.Categorical(logits=row.double()).entropy() / math.log(2)
        assert generation.entropy(row) == pytest.approx(float(expected), abs=1e-3)


# --- En lot, et mesures ---------------------------------------------------------------------------------


def test_a_batch_padded_on_the_left_writes_what_each_would_alone():
    model, tokenizer = small_model(), small_tokenizer()
    prompts = ["Le", "La meunière chantait", "— Eh bien !"]
    alone = [generation.write_batch(model, tokenizer, [prompt], 12)[0] for prompt in prompts]
    assert generation.write_batch(model, tokenizer, prompts, 12) == alone
    assert generation.write_batch(model, tokenizer, prompts, 12, side="right") != alone


def test_log_probability_is_the_loss_of_transformers():
    model, tokenizer = small_model(), small_tokenizer()
    before, after = (tokenizer(text)["input_ids"] for text in ("Le meunier", " regardait couler l'eau"))
    labels = torch.tensor([[-100] * len(before) + after])
    with torch.no_grad():
        loss = model(torch.tensor([before + after]), labels=labels).loss
    found = generation.log_probability(model, tokenizer, "Le meunier", " regardait couler l'eau")
    assert found == pytest.approx(-float(loss) * len(after), abs=1e-3)


def test_repeats_are_counted():
    assert generation.repeated_share([1, 2, 3, 4, 5], 2) == 0.0
    assert generation.repeated_share([1, 2, 1, 2, 1], 2) == 0.5
    assert generation.repeated_share([1], 4) == 0.0
    assert generation.broken_share([1, 2, 1, 2, 3, 4, 5, 6, 9], 4, 2) == 0.5
    with pytest.raises(AuroreError, match="plus long"):
        generation.broken_share([1, 2], 4, 2)


def test_tried_settings_leave_the_warnings_of_transformers_as_they_were():
    from transformers.utils import logging

    level = logging.get_verbosity()
    variants = [{"num_beams": 3, "temperature": temperature} for temperature in (0.1, 3.0)]
    one, other = generation.try_settings(small_model(), small_tokenizer(), "Le meunier", variants, 8)
    assert one.text == other.text and one.ignored == ["temperature"]
    assert logging.get_verbosity() == level


# --- Les faisceaux --------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize(
    ("penalty", "stopping"), [(1.0, False), (0.0, False), (2.0, True), (1.0, "never"), (-1.0, False)]
)
@pytest.mark.parametrize("bias", [0.0, 2.0, 6.0])
def test_a_search_finds_what_transformers_finds(width, penalty, stopping, bias):
    """`bias` rend la fin de texte plus ou moins probable : jamais, parfois, tout de suite."""
    model, tokenizer = small_model(), small_tokenizer()
    favour = torch.zeros(len(tokenizer)).index_fill(0, torch.tensor([tokenizer.eos_token_id]), bias)
    model.register_forward_hook(lambda module, arguments, output: (output.logits.add_(favour), output)[1])
    found = beams.search(model, tokenizer, "La meunière", width, 10, penalty, stopping)
    ids = tokenizer("La meunière", return_tensors="pt")["input_ids"]
    named = {"num_beams": width, "length_penalty": penalty, "early_stopping": stopping} if width > 1 else {}
    theirs = model.generate(
        ids, max_new_tokens=10, do_sample=False, pad_token_id=1, attention_mask=torch.ones_like(ids), **named
    )
    expected = theirs[0, ids.shape[1] :].tolist()
    if tokenizer.eos_token_id in expected:
        expected = expected[: expected.index(tokenizer.eos_token_id) + 1]
    assert found.best == expected
    path = found.path(found.best)
    assert [found.levels[step][rank].token for step, rank in enumerate(path)] == expected


@pytest.mark.parametrize("width", [0, 17])
def test_an_absurd_width_is_refused(width):
    with pytest.raises(AuroreError, match="de 1 à 16"):
        beams.search(small_model(), small_tokenizer(), "Le", width)
