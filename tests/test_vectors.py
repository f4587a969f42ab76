"""Les vecteurs : les plus proches, les mêmes dans toutes les bases, et effacés avec leurs messages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity
from small import small_model, small_tokenizer
from sqlalchemy import select

from aurore import vectors
from aurore.memories import open_memory
from aurore.settings import AuroreError
from aurore.sql_memory import SqlMemory
from aurore.vectors import VECTORS, Embedder, VectorMemory, cosine_top_k

SAID = ["Le meunier regardait l'eau.", "La meunière chantait.", "Il pleut sur la roue.", "Le meunier chantait sous la pluie.", "🦆"]  # fmt: skip


@pytest.fixture(scope="module")
def embed():
    return Embedder(small_model(), small_tokenizer())


@pytest.fixture(params=["memory", "sqlite", "sans extension", "postgresql", "mariadb"])
def memory(request, servers, tmp_path, embed, monkeypatch):
    kind = request.param
    if kind == "sans extension":
        monkeypatch.setattr(vectors.sqlite_vec, "load", lambda connection: connection.no_extension)
    urls = {"memory": lambda: "memory://"}
    address = urls.get(kind, lambda: f"sqlite:///{tmp_path / 'd.sqlite'}" if kind[0] == "s" else servers(kind).url)()
    with open_memory(address, embed) as opened:
        opened.compares = getattr(opened, "compares", False)
        assert opened.compares == (kind in ("sqlite", "postgresql"))
        yield opened
        opened.forget("ana")


def contents(messages):
    return [each.content for each in messages]


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 6), st.integers(0, 15))
@settings(max_examples=40, deadline=None)
def test_the_top_k_is_that_of_scikit_learn(seed, n, d, k):
    draw = np.random.default_rng(seed)
    kept, query = draw.normal(size=(n, d)), draw.normal(size=d)
    expected = np.argsort(-cosine_similarity(kept, query[None])[:, 0], kind="stable")[:k]
    assert cosine_top_k(query, kept, k) == expected.tolist()


def test_length_does_not_count_and_a_null_vector_is_close_to_nothing():
    kept = np.array([[0.0, 0.0], [10.0, 0.1], [0.1, 0.1], [-1.0, 0.0]])
    assert cosine_top_k(np.array([1.0, 0.0]), kept, 4) == [1, 2, 0, 3]
    assert cosine_top_k(np.zeros(2), kept, 2) == [0, 1]


def test_every_base_finds_the_same_messages_in_the_same_order(memory, embed):
    for text in SAID:
        memory.add("ana", "user", text)
    memory.add("bob", "user", SAID[0])
    kept = embed(SAID)
    for query in (*SAID, "la meunière et le meunier", "pluie"):
        expected = [SAID[rank] for rank in cosine_top_k(embed([query])[0], kept, 3)]
        assert contents(memory.related("ana", query, 3)) == expected
    assert memory.related("ana", "x", 0) == [] and memory.related("personne", "x", 3) == []
    assert contents(memory.related("ana", "", 2)) == SAID[:2], "un texte vide n'est proche de rien"
    memory.forget("bob")


def test_a_vector_leaves_with_its_message(memory):
    ids = [memory.add("ana", "user", text).id for text in SAID]
    memory.edit("ana", ids[1], "Le meunier regardait l'eau du moulin.")
    memory.delete("ana", ids[0])
    assert contents(memory.related("ana", SAID[0], 1)) == ["Le meunier regardait l'eau du moulin."]
    if not isinstance(memory, VectorMemory):
        return
    assert len(memory.export("ana")["vectors"]) == 4 and memory.traces("ana")["vectors"] == 4
    assert memory.forget("ana")["vectors"] == 4
    with memory.engine.connect() as connection:
        assert connection.execute(select(VECTORS)).all() == []


def test_forgetting_without_the_embedder_takes_the_vectors_too(tmp_path, embed):
    url = f"sqlite:///{tmp_path / 'd.sqlite'}"
    with open_memory(url, embed) as rich:
        rich.add("ana", "user", SAID[0])
    with SqlMemory(url) as plain:
        plain.forget("ana")
    with open_memory(url, embed) as rich, rich.engine.connect() as connection:
        assert connection.execute(select(VECTORS)).all() == []


def test_messages_without_a_vector_get_theirs(tmp_path, embed):
    url = f"sqlite:///{tmp_path / 'd.sqlite'}"
    with SqlMemory(url) as plain:
        for text in SAID:
            plain.add("ana", "user", text)
    with open_memory(url, embed) as rich:
        assert contents(rich.related("ana", SAID[2], 1)) == [SAID[2]]


def test_a_vector_never_outlives_the_text_on_the_disk(tmp_path, embed):
    path = tmp_path / "d.sqlite"
    with open_memory(f"sqlite:///{path}", embed) as memory:
        memory.add("ana", "user", SAID[0])
        vector = embed([SAID[0]])[0].tobytes()
        assert any(vector in each.read_bytes() for each in tmp_path.iterdir())
        memory.forget("ana")
        assert not any(vector in each.read_bytes() for each in tmp_path.iterdir())


def test_a_postgresql_without_pgvector_is_explained(servers, embed, monkeypatch):
    monkeypatch.setattr(vectors, "text", lambda _: __import__("sqlalchemy").text("CREATE EXTENSION introuvable"))
    with pytest.raises(AuroreError, match="n'a pas pgvector"):
        open_memory(servers("postgresql").url, embed)


def test_vectors_have_length_one_and_say_which_model_made_them(embed):
    made = embed([*SAID, ""])
    assert made.shape == (6, embed.dimensions) and made.dtype == np.float32
    assert np.linalg.norm(made, axis=1) == pytest.approx([1, 1, 1, 1, 1, 0], abs=1e-5)
    assert embed([]).shape == (0, embed.dimensions)
    other = small_model()
    other.transformer.wte.weight.data += 0.01 * other.transformer.wte.weight.data.roll(1, 0)
    assert Embedder(other, small_tokenizer()).name != embed.name
