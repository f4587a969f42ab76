"""Le dialogue : un contexte qui tient toujours, une amorce qui reste, des préférences, et un journal muet."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import small_model, small_tokenizer

from aurore import dialogue, memories, vectors
from aurore.backends import LocalLLM, MockLLM
from aurore.dialogue import Dialogue, cut_text, notice, summarize, window
from aurore.memories import ListMemory, Message, NoMemory, open_memory
from aurore.settings import AuroreError

SIGNS = "aé Q:—\n\r\x00\x1a\u202e\u0301🦆<|>'\";%\\"  # de quoi écrire le pire
BASE = "Vous répondez en une phrase."


class Listener(MockLLM):
    """Un modèle simulé qui garde ce qu'on lui donne à lire."""

    def __init__(self, context_length=512):
        super().__init__(context_length)
        self.read = []

    def stream(self, messages, max_new_tokens=dialogue.REPLY):
        self.read.append((list(messages), max_new_tokens))
        return super().stream(messages, max_new_tokens)


@pytest.fixture
def backend():
    return Listener()


def words(message):
    return len(message.content.split())


# --- La fenêtre


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(0, 30))
@settings(deadline=None)
def test_the_window_is_the_longest_end_that_fits(sizes, budget):
    said = [Message("user", str(size), id=rank) for rank, size in enumerate(sizes)]
    kept = window(said, budget, lambda message: int(message.content))
    assert kept == said[len(said) - len(kept) :]
    assert sum(int(each.content) for each in kept) <= budget
    if len(kept) < len(said):
        assert sum(int(each.content) for each in said[-len(kept) - 1 :]) > budget


@given(st.text(SIGNS, max_size=30), st.integers(0, 40))
def test_a_text_is_cut_by_its_start(text, longest):
    assert cut_text(text, lambda end: len(end) <= longest) == (text[-longest:] if longest else "")


def test_a_summary_keeps_what_the_person_said_within_its_budget():
    said = [
        Message("user", "Mon chien est malade. Il fait beau. Mon chien s'appelle Fadet. Quelle heure est-il ?"),
        Message("assistant", "Le chien du modèle ne compte pas."),
        Message("user", "Mon chien est malade."),
    ]
    count = lambda text: len(text.split())  # noqa: E731
    assert summarize(said, 8, count) == "Mon chien est malade. Mon chien s'appelle Fadet."
    assert summarize(said, 100, count) == "Mon chien est malade. Il fait beau. Mon chien s'appelle Fadet."
    assert summarize(said, 0, count) == summarize([], 9, count) == ""


# --- Le dialogue


def test_without_memory_each_question_is_the_first(backend):
    talk = Dialogue(backend, NoMemory())
    talk.replies("ana", ["Je m'appelle Ana.", "Comment je m'appelle ?"])
    assert [each.content for each in backend.read[1][0]] == ["Comment je m'appelle ?"]


def test_with_memory_the_second_question_comes_after_the_first_and_its_answer(backend):
    talk = Dialogue(backend, ListMemory(), BASE)
    answers = talk.replies("ana", ["Salut", "Quelle est la météo ?"])
    assert answers == ["Bonjour. Comment puis-je vous aider ?", "La météo est ensoleillée."]
    read = backend.read[1][0]
    assert [each.role for each in read] == ["system", "user", "assistant", "user"]
    assert [each.content for each in read] == [BASE, "Salut", answers[0], "Quelle est la météo ?"]
    assert [each.content for each in talk.memory.messages("ana")] == ["Salut", answers[0], "Quelle est la météo ?", answers[1]]  # fmt: skip


def test_two_sessions_never_mix(backend):
    talk = Dialogue(backend, ListMemory())
    talk.reply("ana", "Je m'appelle Ana.")
    assert talk.reply("bob", "Comment je m'appelle ?") == "Vous ne me l'avez pas dit."
    assert (
        talk.reply("ana/lundi", "Comment je m'appelle ?") == "Vous vous appelez Ana."
    )  # une préférence de la personne


def test_the_base_prompt_survives_the_window_and_the_context_never_grows(backend):
    """Annexe D : répété, le contexte du document passe 512 tokens à la vingtième question."""
    backend.context_length = 120
    talk = Dialogue(backend, ListMemory(), BASE, max_new_tokens=20)
    for rank in range(60):
        talk.reply("ana", f"Quelle est la météo {rank} ?")
    for read, _ in backend.read:
        assert read[0].content.startswith(BASE) and backend.count_tokens(read) <= 100
    assert len(backend.read[-1][0]) == len(backend.read[-2][0]) > 4, "la fenêtre glisse, sans se vider"


hostile_texts = st.text(SIGNS, max_size=200) | st.sampled_from(
    [
        "mot " * 400,
        "je " * 300 + ".",
        "J'ai 🦆. " * 60,
        "🦆" * 300,
        "<|endoftext|>" * 40,
        "\n\nRéponse : non",
        "x" * 5000,
    ]
)


@pytest.fixture(scope="module")
def small():
    return LocalLLM(
        small_model(),
        small_tokenizer(),
        render=lambda question, context, base: f"{base}\n{context}\nQ : {question}\nR :",
    )


@pytest.mark.parametrize("recall", dialogue.RECALLS)
@given(st.lists(hostile_texts, min_size=1, max_size=4), hostile_texts)
@settings(max_examples=12, deadline=None)
def test_the_budget_is_never_exceeded(small, recall, said, preference):
    embed = vectors.Embedder(small.model, small.tokenizer)
    memory = vectors.VectorList(embed)
    talk = Dialogue(small, memory, "Poli.", recall, max_new_tokens=8)
    for text in said:
        memory.add("ana", "user", text)
        memory.add("ana", "assistant", text[::-1])
    if (short := " ".join(preference.split())[:150].strip()) and short.isprintable():
        for rank in range(9):
            memory.prefer("ana", f"ton {rank}", short)
    for text in said:
        context = talk.context("ana", text)
        assert small.count_tokens(context) <= small.context_length - 8
        assert context[0].role == "system" and context[0].content.startswith("Poli.")
        assert context[-1].role == "user" and text.endswith(context[-1].content)


def test_a_question_too_long_keeps_its_end(backend):
    talk = Dialogue(backend, ListMemory(), BASE)
    talk.reply("ana", "mot " * 300_000 + "Quelle est la météo ?")
    assert backend.read[0][0][-1].content.endswith("Quelle est la météo ?")
    assert len(talk.memory.messages("ana")[0].content) > 1_000_000, "elle est gardée entière"


def test_a_base_prompt_that_leaves_no_room_is_refused():
    with pytest.raises(AuroreError, match="Raccourcissez-la"):
        Dialogue(MockLLM(60), ListMemory(), "mot " * 100, max_new_tokens=10)


def test_the_summary_and_the_vectors_bring_back_what_left_the_window():
    chatter = [f"Il fait beau ce matin, et c'est le jour {rank} de la semaine." for rank in range(30)]
    for recall, memory in (("résumé", ListMemory()), ("vecteurs", vectors.VectorList(_letters))):
        backend = Listener(160)
        talk = Dialogue(backend, memory, BASE, recall, max_new_tokens=20)
        talk.replies("ana", ["Mon chien Fadet dort, mon chien Fadet mange.", *chatter])
        talk.reply("ana", "Que fait mon chien Fadet ?")
        read = backend.read[-1][0]
        assert "Fadet dort" in read[1].content and read[0].content == BASE
        assert not any("Fadet dort" in each.content for each in read[2:])


def _letters(texts):
    """Un vecteur par texte : les mots qu'il contient, parmi quelques-uns."""
    import numpy as np

    known = ["chien", "fadet", "beau", "jour"]
    return np.array([[float(word in text.lower()) for word in known] for text in texts])


def test_vectors_are_asked_of_a_memory_that_has_some():
    with pytest.raises(AuroreError, match="ne garde pas de vecteurs"):
        Dialogue(MockLLM(), ListMemory(), recall="vecteurs")
    with pytest.raises(AuroreError, match="On ne sait pas rappeler « tout »"):
        Dialogue(MockLLM(), ListMemory(), recall="tout")


# --- Les préférences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bonjour, je m'appelle Ana.", {"prénom": "Ana"}),
        ("Je m’appelle Jean-Luc et je veux des réponses courtes", {"prénom": "Jean-Luc", "réponses": "courtes"}),
        ("Une réponse plus longue", {"réponses": "longues"}),
        ("Comment je m'appelle ?", {}),
        ("je m'appelle 42", {}),
        ("", {}),
    ],
)
def test_preferences_are_noticed(text, found):
    assert notice(text) == found


def test_a_preference_changes_the_answers(backend):
    talk = Dialogue(backend, ListMemory(), BASE)
    talk.reply("ana", "Je veux des réponses courtes, et je m'appelle Ana.")
    talk.memory.forget("ana/rien")
    assert talk.reply("ana/demain", "Comment je m'appelle ?") == "Vous vous appelez Ana."
    read, length = backend.read[-1]
    assert (
        read[1].content == "Dit plus tôt par la personne : Je m'appelle Ana. Je veux des réponses courtes."
        and length == dialogue.LENGTHS["courtes"]
    )
    assert backend.read[0][1] == dialogue.LENGTHS["courtes"], "dès la première réponse"


def test_a_correction_corrects_the_preference_too(backend):
    talk = Dialogue(backend, ListMemory())
    talk.reply("ana/lundi", "Je m'appelle Ana.")
    talk.correct("ana/lundi", talk.memory.messages("ana/lundi")[0].id, "Je m'appelle Léo.")
    assert talk.reply("ana", "Comment je m'appelle ?") == "Vous vous appelez Léo."


def test_a_persona_is_a_base_prompt(backend):
    talk = Dialogue(backend, ListMemory(), dialogue.PERSONA)
    talk.reply("ana", "Salut")
    assert backend.read[0][0][0].content == dialogue.PERSONA


# --- Ce qui s'arrête en route, ce qui se journalise


def test_what_was_shown_is_kept_even_if_one_stops(backend):
    talk = Dialogue(backend, ListMemory())
    pieces = talk.stream("ana", "Quelle est la météo ?")
    assert next(pieces) + next(pieces) == "La météo"
    assert [each.content for each in talk.memory.messages("ana")] == ["Quelle est la météo ?"]
    pieces.close()
    assert [each.content for each in talk.memory.messages("ana")] == ["Quelle est la météo ?", "La météo"]


def test_a_backend_that_fails_leaves_the_question(backend, monkeypatch):
    def breaks(messages, max_new_tokens):
        raise AuroreError("panne")
        yield

    monkeypatch.setattr(backend, "stream", breaks)
    talk = Dialogue(backend, ListMemory())
    with pytest.raises(AuroreError, match="panne"):
        talk.reply("ana", "Salut")
    assert [each.content for each in talk.memory.messages("ana")] == ["Salut"]


def test_the_log_says_quantities_and_never_a_word_nor_a_name(backend, caplog):
    talk = Dialogue(backend, ListMemory(), "Amorce confidentielle.")
    with caplog.at_level(logging.DEBUG):
        talk.reply("zénobie", "Mon code est 4711, je m'appelle Zénobie.")
        talk.reply("zénobie", "Salut")
    lines = [record.getMessage() for record in caplog.records if record.name == "aurore.dialogue"]
    assert len(lines) == 2 and "caractères écrits" in lines[0]
    assert lines[0].split(":")[0] == lines[1].split(":")[0], "une même séance a la même marque"
    for word in ("4711", "énobie", "confidentielle", "Bonjour"):
        assert word not in caplog.text


def test_a_wrong_question_is_refused_before_anything_is_kept(backend):
    talk = Dialogue(backend, ListMemory())
    for session, text in (("", "x"), ("ana", "\ud800"), ("ana", 3)):
        with pytest.raises(AuroreError):
            talk.reply(session, text)
    assert talk.memory.sessions() == []


def test_sql_and_dialogue_together(tmp_path):
    with open_memory(f"sqlite:///{tmp_path / 'd.sqlite'}") as memory:
        talk = Dialogue(MockLLM(), memory, BASE)
        talk.replies("ana", ["Je m'appelle L'Ana'); DROP TABLE messages; --", "Comment je m'appelle ?"])
        assert len(memory.messages("ana")) == 4
        assert memories.person_of("ana/x") == "ana"
