"""La génération : l'amorce est là, la graine décide, les réglages absurdes sont refusés."""

import pytest
from small import small_model, small_tokenizer

from aurore import generation
from aurore.settings import AuroreError


def test_text_starts_with_the_prompt_and_goes_on():
    text = generation.generate(small_model(), small_tokenizer(), "Le meunier", max_new_tokens=20)
    assert text.startswith("Le meunier")
    assert len(text) > len("Le meunier")


def test_the_seed_decides():
    model, tokens = small_model(), small_tokenizer()
    one, same, other = (generation.generate(model, tokens, "Le", 20, seed=seed) for seed in (1, 1, 2))
    assert one == same != other


def test_tiny_top_p_is_greedy():
    model, tokens = small_model(), small_tokenizer()
    sampled = generation.generate(model, tokens, "Le meunier", 10, top_p=1e-6, seed=5)
    ids = tokens("Le meunier", return_tensors="pt")["input_ids"]
    greedy = model.generate(ids, max_new_tokens=10, do_sample=False, pad_token_id=tokens.eos_token_id)
    assert sampled == tokens.decode(greedy[0], skip_special_tokens=True)


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
