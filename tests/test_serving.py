"""Le service : chacun reçoit son texte, le même seul ou à plusieurs ; la file est bornée ; qui s'en va rend sa place."""

import math
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from small import TEXT, small_model, small_tokenizer
from test_generation import random_cases

from aurore import generation
from aurore.engine import Engine
from aurore.generation import Settings
from aurore.serving import END, LEFT, LENGTH, TIME, Busy, Job, Service, candidates, choose
from aurore.settings import AuroreError

GREEDY = Settings(do_sample=False)


@pytest.fixture
def service():
    made = Service(Engine.from_model(small_model(), slots=3, threads=1), small_tokenizer(), waiting=2)
    yield made
    made.close()


PROMPTS = [TEXT[start : start + size] for start, size in ((0, 5), (20, 30), (3, 60), (50, 12), (70, 1))]


# --- Choisir --------------------------------------------------------------------------------------------

RULES = [
    Settings(),
    Settings(temperature=0.2, top_p=0.5),
    Settings(top_k=5),
    Settings(top_k=7, top_p=0.8, temperature=1.5),
    Settings(top_p=1.0, repetition_penalty=1.3, no_repeat_ngram_size=2),
    Settings(do_sample=False, repetition_penalty=1.2),
]


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_the_chances_are_those_of_the_lesson(rules):
    notes, texts = random_cases()
    for row, text in zip(notes[::9], texts[::9], strict=True):
        ids, chances = candidates(row.numpy(), rules, text.tolist())
        expected = rules.adjust(row.clone(), text).softmax(-1) if rules.do_sample else None
        if expected is None:
            assert ids.tolist() == [generation.greedy(rules.adjust(row.clone(), text))]
            continue
        found = torch.zeros(len(row), dtype=torch.float64)
        found[torch.from_numpy(ids)] = torch.from_numpy(chances.astype(np.float64))
        # À égalité, deux tokens de même chance peuvent se remplacer ; les chances, rangées, sont les mêmes.
        torch.testing.assert_close(found.sort().values, expected.double().sort().values, atol=2e-3, rtol=0)


def test_the_draw_follows_the_chances():
    notes = np.array([2.0, 1.0, 0.0, -1.0], np.float32)
    draw = np.random.default_rng(3)
    rules = Settings(temperature=1.0, top_p=1.0)
    counts = np.bincount([choose(notes, rules, [], draw) for _ in range(4000)], minlength=4) / 4000
    np.testing.assert_allclose(counts, np.exp(notes) / np.exp(notes).sum(), atol=0.03)


# --- Plusieurs textes à la fois -------------------------------------------------------------------------


def expected_text(prompt, number):
    text = generation.generate(small_model(), small_tokenizer(), prompt, number, do_sample=False)
    return text[len(prompt) :]


def test_each_gets_its_own_text(service):
    service.most_waiting = 9
    jobs = [service.submit(prompt, GREEDY, 10 + 3 * rank) for rank, prompt in enumerate(PROMPTS)]
    for rank, (job, prompt) in enumerate(zip(jobs, PROMPTS, strict=True)):
        assert job.text() == expected_text(prompt, 10 + 3 * rank)
        assert job.reason == LENGTH or job.written < 10 + 3 * rank
    assert service.load["running"] == 0


def test_a_drawn_text_depends_on_its_seed_alone(service):
    service.most_waiting = 9
    alone = [service.submit(prompt, Settings(), 20, seed=7).text() for prompt in PROMPTS[:3]]
    together = [service.submit(prompt, Settings(), 20, seed=7) for prompt in PROMPTS[:3]]
    assert [job.text() for job in together] == alone
    assert service.submit(PROMPTS[0], Settings(), 20, seed=8).text() != alone[0]


def test_pieces_make_the_text_and_no_letter_is_cut(service):
    job = service.submit("— é", Settings(temperature=5.0, top_p=1.0), 40)  # presque au hasard : des octets isolés
    pieces = list(job.pieces())
    assert pieces and all(pieces)
    assert "".join(pieces) == generation.answer(small_tokenizer(), torch.tensor(job.ids), job.start)


def test_a_piece_comes_as_soon_as_it_is_written_and_what_waited_comes_at_once():
    tokenizer = small_tokenizer()
    prompt = generation.read_prompt(small_model(), tokenizer, "La", 9)
    job = Job(prompt, Settings(), tokenizer, 0, until=math.inf)
    first, second, third = tokenizer("abc")["input_ids"]
    pieces = job.pieces()
    job._fresh.put(first)
    assert next(pieces) == "a"
    for token in (second, third):
        job._fresh.put(token)
    job.finish(LENGTH)
    assert list(pieces) == ["bc"]


def test_the_end_of_text_ends_it(service):
    model, tokenizer = small_model(), small_tokenizer()
    with torch.no_grad():  # ce modèle ne veut que finir
        model.transformer.wte.weight[tokenizer.eos_token_id] = 100 * model.transformer.ln_f.bias.normal_()
    finished = Service(Engine.from_model(model, slots=1, threads=1), tokenizer)
    job = finished.submit("Le meunier", GREEDY, 30)
    assert job.text() == "" and job.reason == END
    finished.close()


# --- Les limites ----------------------------------------------------------------------------------------


def block(service):
    """Arrête le moteur au milieu d'un pas, jusqu'à ce que l'on rende la main."""
    go, step = threading.Event(), service.engine.read
    service.engine.read = lambda *arguments: go.wait(30) and step(*arguments)
    return go


def test_the_queue_is_bounded_and_says_so(service):
    go = block(service)
    service.submit(PROMPTS[0], GREEDY, 5)
    while service.load["running"] == 0:
        time.sleep(0.001)
    kept = [service.submit(PROMPTS[0], GREEDY, 5) for _ in range(2)]
    with pytest.raises(Busy, match="quelques secondes"):
        service.submit(PROMPTS[0])
    go.set()
    assert [job.text() for job in kept] == [expected_text(PROMPTS[0], 5)] * 2


def test_who_leaves_gives_the_place_back(service):
    step, go = service.engine.step, threading.Event()
    service.engine.step = lambda *arguments: go.wait(30) and step(*arguments)  # arrêté après le premier token
    job = service.submit(PROMPTS[1], GREEDY, 30)
    pieces = job.pieces()
    next(pieces)
    pieces.close()
    assert job.reason == LEFT
    go.set()
    assert service.submit(PROMPTS[0], GREEDY, 5).text() == expected_text(PROMPTS[0], 5)
    assert service.load["running"] == 0 and job.written < 4


def test_a_client_found_gone_stops_its_text(service):
    go = block(service)
    job = service.submit(PROMPTS[1], GREEDY, 30)
    assert job.text(gone=lambda: True) == "" and job.reason == LEFT
    go.set()


def test_time_is_bounded(service):
    step, go = service.engine.step, threading.Event()
    service.engine.step = lambda *arguments: go.wait(30) and step(*arguments)  # arrêté après le premier token
    job = service.submit(PROMPTS[1], GREEDY, 30)
    pieces = job.pieces()
    first = next(pieces)
    job.until = 0.0
    go.set()
    assert len(first + "".join(pieces)) < len(expected_text(PROMPTS[1], 30)) and job.reason == TIME
    service.seconds = -1.0
    with pytest.raises(Busy, match="à temps"):  # son tour n'est jamais venu
        service.submit(PROMPTS[1], GREEDY, 30).text()


def test_bad_requests_are_refused_before_they_wait(service):
    with pytest.raises(AuroreError, match="température"):
        service.submit("a", replace(GREEDY, temperature=9))
    with pytest.raises(AuroreError, match="au moins un"):
        service.submit("a", GREEDY, 0)
    with pytest.raises(AuroreError, match="UTF-8"):
        service.submit("\ud800")


def test_a_long_prompt_loses_its_beginning(service):
    job = service.submit(TEXT, GREEDY, 10)
    assert job.prompt.notice and job.text()


def test_a_broken_engine_breaks_its_texts_not_the_service(service):
    read = service.engine.read
    service.engine.read = lambda *_: (_ for _ in ()).throw(RuntimeError("panne"))
    with pytest.raises(RuntimeError, match="panne"):
        service.submit(PROMPTS[0], GREEDY, 5).text()
    service.engine.read = read
    assert service.submit(PROMPTS[0], GREEDY, 5).text() == expected_text(PROMPTS[0], 5)


def test_closing_ends_what_waits():
    made = Service(Engine.from_model(small_model(), slots=1, threads=1), small_tokenizer())
    go = block(made)
    job = made.submit(PROMPTS[0], GREEDY, 5)
    threading.Thread(target=made.close).start()
    go.set()
    job.text()
    assert job.reason in (LEFT, LENGTH)
    with pytest.raises(Busy, match="s'arrête"):
        while True:
            made.submit(PROMPTS[0])
