"""La génération : l'amorce est là, la graine décide, les réglages absurdes sont refusés."""

import pytest
import torch
from small import small_model, small_tokenizer

from aurore import generation
from aurore.settings import AuroreError


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
    "settings", [{"temperature": 0.0}, {"temperature": -1.0}, {"top_p": 0.0}, {"top_p": 1.5}, {"prompt": "  "}]
)
def test_absurd_settings_are_refused(settings):
    with pytest.raises(AuroreError):
        generation.generate(small_model(), small_tokenizer(), **({"prompt": "Le"} | settings))


# --- Au fil de l'eau ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("settings", [{}, {"temperature": 0.3}, {"top_p": 0.5}, {"temperature": 1.5, "top_p": 1.0}])
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


@pytest.mark.parametrize("settings", [{"temperature": 0.0}, {"top_p": 0.0}, {"prompt": "  "}])
def test_stream_refuses_absurd_settings(settings):
    with pytest.raises(AuroreError):
        next(generation.stream(small_model(), small_tokenizer(), **({"prompt": "Le"} | settings)))


def test_stream_keeps_to_the_context():
    prompt = "Le meunier regardait couler l'eau. " * 40
    assert "".join(generation.stream(small_model(), small_tokenizer(), prompt, 500))
