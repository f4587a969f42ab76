"""Le pupitre : il écrit ce que `stream` écrit, suit ses réglages sans relire, et se lit sans noyau."""

import json
import re

import pytest
import torch
from small import small_model, small_tokenizer
from test_lab import find_chromium

from aurore import generation
from aurore.settings import AuroreError
from aurore.widgets import generation_desk
from aurore.widgets.generation_desk import Desk

PROMPT = "Le meunier"


@pytest.fixture
def desk():
    one, other = small_model(), small_model()
    for parameter in other.parameters():
        parameter.data *= 1.3
    return Desk(
        {"avant": (one, small_tokenizer()), "après": (other, small_tokenizer())}, PROMPT, max_new_tokens=40, opening=0
    )


def text_of(desk, side=0):
    return "".join(piece for piece, *_ in desk.texts()[side]["tokens"])


def test_it_writes_what_stream_writes(desk):
    for _ in range(20):
        desk.step()
    model, tokenizer = desk.pairs["avant"]
    assert text_of(desk) == "".join(generation.stream(model, tokenizer, PROMPT, 20))
    assert text_of(desk, 1) != text_of(desk)


def test_a_setting_moves_the_bars_and_reads_nothing(desk):
    desk.step()
    before, written, reads = desk.bars(), text_of(desk), []
    for model, _ in desk.pairs.values():
        model.register_forward_pre_hook(lambda *_: reads.append(1))
    desk.configure(temperature=0.2, top_k=3)
    after = desk.bars()
    assert reads == [] and text_of(desk) == written
    assert len(desk.notes()) == 4 * 2 * len(small_tokenizer())
    assert [row[:3] for row in after[0]["rows"]] == [row[:3] for row in before[0]["rows"]], (
        "les rangs et les chances d'avant restent"
    )
    assert after[0]["kept"] == 3 < before[0]["kept"]


def test_bars_are_the_chances_of_the_rules(desk):
    desk.configure(temperature=0.7, top_p=0.8)
    writer = desk.writers["avant"]
    raw, chances = writer.logits.softmax(-1), writer.adjusted().softmax(-1)
    for token, _, before, after in desk.bars()[0]["rows"]:
        assert before == pytest.approx(float(raw[token])) and after == pytest.approx(float(chances[token]))
    desk.configure(do_sample=False)
    assert [row[3] for row in desk.bars()[0]["rows"]].count(1.0) == 1


def test_choosing_and_rewinding(desk):
    for _ in range(6):
        desk.step()
    whole = text_of(desk)
    desk.rewind("avant", 2)
    token = desk.bars()[0]["rows"][3][0]
    desk.choose("avant", token)
    assert desk.writers["avant"].written[2] == token and len(desk.texts()[0]["tokens"]) == 3
    assert len(desk.texts()[1]["tokens"]) == 6, "l'autre texte n'a pas bougé"
    desk.rewind("avant", 2)
    for _ in range(4):
        desk.writers["avant"].write()
    assert text_of(desk) == whole


def test_each_token_bears_its_rank_and_its_entropy(desk):
    desk.configure(do_sample=False)
    desk.step()
    desk.choose("avant", int(desk.writers["avant"].logits.argsort(descending=True)[11]))
    (_, _, first, _), (_, chance, rank, bits) = desk.texts()[0]["tokens"]
    notes = desk.writers["avant"].notes[1]
    assert (first, rank) == (1, 12) and bits == pytest.approx(generation.entropy(notes))
    assert chance == pytest.approx(float(notes.softmax(-1)[desk.writers["avant"].written[1]]))


def test_it_ends_at_its_length_and_starts_again(desk):
    desk.restart(max_new_tokens=3)
    while desk.step():
        pass
    assert all(text["over"] and len(text["tokens"]) <= 3 for text in desk.texts())
    assert desk.bars()[0]["rows"] == []
    desk.choose("avant", 5)
    assert len(desk.texts()[0]["tokens"]) <= 3
    desk.restart(prompt="La meunière", seed=3)
    assert text_of(desk) == "" and desk.texts()[0]["prompt"] == "La meunière"


@pytest.mark.parametrize("prompt", ["", "🦆", "<|endoftext|>", "<b>&'", "漢字"])
def test_any_prompt_starts_a_text(desk, prompt):
    desk.restart(prompt=prompt)
    desk.step()
    assert len(desk.texts()[0]["tokens"]) == 1
    assert "<b>" not in desk._repr_html_()


def test_a_refused_setting_changes_nothing(desk):
    desk.step()
    before = desk.texts()
    with pytest.raises(AuroreError):
        desk.configure(temperature=0)
    with pytest.raises(AuroreError):
        desk.restart(seed=2**70)
    assert desk.texts() == before and desk.seed != 2**70


def test_a_long_prompt_says_what_was_cut(desk):
    desk.restart(prompt="Le meunier regardait. " * 60)
    assert "ne sont pas lus" in desk.texts()[0]["notice"] and "ne sont pas lus" in repr(desk)


def test_characters_of_several_tokens_come_whole(desk):
    for token in small_tokenizer()("🦆é")["input_ids"]:
        desk.choose("avant", token)
    pieces = [piece for piece, *_ in desk.texts()[0]["tokens"]]
    assert "".join(pieces) == "🦆é" and "\ufffd" not in "".join(pieces)


def test_it_reads_without_a_kernel(desk):
    for _ in range(8):
        desk.step()
    bundle = desk._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "<script" not in bundle["text/html"] and bundle["text/html"].count("<table") == 2
    assert text_of(desk) in bundle["text/plain"] and "Token suivant" in bundle["text/plain"]


# --- Le widget ------------------------------------------------------------------------------------------


def parts(panel):
    prompt, box, figure = panel.children
    controls = {control.description: control for control in (prompt, *box.children)}
    return controls, figure


def say(figure, **message):
    figure._handle_custom_msg(message, [])


def test_the_panel_obeys_the_browser(desk):
    _, figure = parts(desk.widget())
    say(figure, do="step")
    say(figure, do="step")
    assert figure.turn == 2 and len(json.loads(figure.texts)[0]["tokens"]) == 2
    token = json.loads(figure.bars)["sides"][1]["rows"][2][0]
    say(figure, do="choose", name="après", token=token)
    assert len(json.loads(figure.texts)[1]["tokens"]) == 3
    say(figure, do="rewind", name="après", place=1)
    assert len(json.loads(figure.texts)[1]["tokens"]) == 1
    say(figure, do="restart")
    assert json.loads(figure.texts)[0]["tokens"] == []
    say(figure, do="choose", name="inconnu", token=1)
    say(figure, do="rien")
    assert figure.error == "" and figure.turn == 7


def test_the_sliders_move_the_bars_alone(desk):
    controls, figure = parts(desk.widget())
    say(figure, do="step")
    texts, bars = figure.texts, figure.bars
    controls["Température"].value = 2.0
    assert figure.texts == texts and figure.bars != bars
    controls["Mode"].value = False
    assert controls["Température"].disabled and controls["Top-p"].disabled and not controls["Pénalité"].disabled
    controls["Amorce"].value = "La meunière"
    assert json.loads(figure.texts)[0] == {
        "name": "avant",
        "prompt": "La meunière",
        "notice": "",
        "over": False,
        "tokens": [],
    }
    controls["Amorce"].value = "Le \udcff"
    assert "UTF-8" in figure.error and desk.prompt == "La meunière"


def test_the_browser_draws_the_chances_of_the_lesson():
    """La copie que le navigateur a des règles du tirage, contre les vraies, sur des notes et des réglages tirés au sort."""
    from playwright.sync_api import sync_playwright

    draw = torch.Generator().manual_seed(3)
    cases, expected = [], []
    for case in range(200):
        notes = 3 * torch.randn(60, generator=draw)
        if case % 4 == 0:
            notes[torch.rand(60, generator=draw) < 0.3] = -torch.inf
        named = {
            "do_sample": case % 10 != 0,
            "temperature": 0.1 + 2 * float(torch.rand(1, generator=draw)),
            "top_k": int(torch.randint(0, 70, (1,), generator=draw)),
            "top_p": min(1.0, 0.05 + float(torch.rand(1, generator=draw))),
        }
        kept = generation.Settings(**named).adjust(notes, torch.tensor([0]))
        chances = kept.softmax(-1) if named["do_sample"] else torch.eye(60)[int(notes.argmax())]
        cases.append([[None if note == -torch.inf else note for note in notes.tolist()], named])
        expected.append(chances)
    script = (generation_desk._STATIC / "generation_desk.js").read_text(encoding="utf-8")
    ask = """async ([script, cases]) => {
        const { chances } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
        return cases.map(([notes, settings]) =>
            Array.from(chances(Float32Array.from(notes, (note) => note ?? -Infinity), settings)));
    }"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        found = torch.tensor(browser.new_page().evaluate(ask, [script, cases]))
        browser.close()
    assert torch.allclose(found, torch.stack(expected), atol=1e-5)


def test_the_script_stays_on_the_machine():
    script = (generation_desk._STATIC / "generation_desk.js").read_text(encoding="utf-8")
    assert not re.search(r"https?://|innerHTML|eval\(", script)
    assert f"MOST_BITS = {generation_desk.MOST_BITS:.0f};" in script, "les deux figures colorent pareil"
    assert torch.tensor([limit for limit, _ in generation_desk.RANKS[:3]]).tolist() == [1, 10, 100]
