"""Ce qu'une base a refusé : chaque faute courante a sa phrase, prise sur les erreurs d'une vraie base."""

import pytest
from sqlalchemy import create_engine, text

from aurore.atelier.sql import explain_sql


@pytest.fixture(scope="module")
def connection():
    engine = create_engine("sqlite://", hide_parameters=True)
    with engine.connect() as opened:
        opened.execute(text("CREATE TABLE messages (id INTEGER PRIMARY KEY, session TEXT, content TEXT)"))
        yield opened


@pytest.mark.parametrize(
    ("query", "values", "said"),
    [
        (text("INSERT INTO messages (content) VALUES ('Qu'est-ce')"), {}, "collée dans la requête"),
        (text("SELECT id FROM messages LIMIT :n ORDER BY id"), {"n": 1}, "à « ORDER »"),
        (text("SELECT id FROM messages LIMIT :n"), {}, "dit :n"),
        (text("SELECT id FROM message"), {}, "« message »"),
        (text("SELECT texte FROM messages"), {}, "« texte »"),
        (text("INSERT INTO messages (texte) VALUES (:c)"), {"c": "a"}, "« texte »"),
        (text("INSERT INTO messages (session, content) VALUES (:c)"), {"c": "a"}, "1 valeurs pour 2 colonnes"),
        (text("SELECT id FROM messages WHERE session = ':s' LIMIT :n"), {"n": 1, "s": "a"}, "':nom' n'est qu'un texte"),
        (text("SELECT id FROM messages WHERE session = ?"), ("a",), "dans un dictionnaire"),
        (text("SELECT id FROM messages WHERE session = 'a"), {}, "ne finit pas"),
        (text("SELECT id FROM messages; SELECT 1"), {}, "plusieurs requêtes"),
        ("SELECT id FROM messages", {}, "sous text(…)"),
        (text("INSERT INTO messages (id) VALUES (1), (1)"), {}, "La base a refusé"),
    ],
)
def test_each_fault_gets_its_sentence(connection, query, values, said):
    with pytest.raises(Exception) as caught:
        connection.execute(query, values)
    connection.rollback()
    assert said in explain_sql(caught.value)


def test_another_error_is_not_explained():
    assert explain_sql(ValueError('near "a": syntax error')) == ""
