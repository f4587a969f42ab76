"""Leçon 11 : des réponses fausses, chacune avec la piste qu'elle doit recevoir, et des réponses justes."""

import fnmatch
import heapq
import re

import numpy as np
import torch
from answers import Answer
from sqlalchemy import text

from aurore import dialogue, sql_memory, vectors
from aurore.dialogue import GREETING, LOST, WEATHER


def _named(name, function):
    function.__name__ = name
    return function


# --- La dernière question -------------------------------------------------------------------------------

_FIRST, _SECOND, _UPPER, _UNKNOWN, _GREET = (
    "répond à une première question",
    "répond à la deuxième question",
    "ne lit pas les majuscules",
    "avoue ne pas comprendre",
    "salue d'abord",
)
_GLUED = "reconnaît un mot collé à un signe"


def _by(prompt, **changes):
    """Une réponse faite des règles du document, sur le texte que choisit `prompt`."""

    def keyword_reply(messages):
        found = prompt(messages)
        for word, answer in changes.get("rules", (("salut", GREETING), ("météo", WEATHER))):
            if word in found:
                return answer
        return changes.get("lost", LOST)

    return keyword_reply


def _reply_document(messages):
    prompt = "\n".join(message.content for message in messages).lower()
    if "salut" in prompt:
        return GREETING
    elif "météo" in prompt:
        return WEATHER
    else:
        return LOST


def _reply_last(messages):
    question = messages[-1].content.lower()
    return GREETING if "salut" in question else WEATHER if "météo" in question else LOST


def _reply_reversed(messages):
    for message in reversed(messages):
        if message.role == "user":
            words = message.content.casefold()
            break
    answers = {"salut": GREETING, "météo": WEATHER}
    return next((answer for word, answer in answers.items() if word in words), LOST)


def _reply_regex(messages):
    *_, last = messages
    if re.search("salut", last.content, re.IGNORECASE):
        return dialogue.GREETING
    if re.search("météo", last.content, re.IGNORECASE):
        return dialogue.WEATHER
    return dialogue.LOST


def _reply_match(messages):
    last = messages[len(messages) - 1].content.lower()
    match ("salut" in last, "météo" in last):
        case (True, _):
            return GREETING
        case (False, True):
            return WEATHER
        case _:
            return LOST


# --- La fenêtre -----------------------------------------------------------------------------------------

_LAST, _STOP, _ALL, _TOO_BIG, _EMPTY = (
    "garde les derniers",
    "s'arrête au premier qui ne tient pas",
    "garde tout quand tout tient",
    "ne garde rien si le dernier ne tient pas",
    "accepte une séance vide",
)


def _keeping(keep, stops=True, walk=reversed, back=True):
    def window(messages, budget, count):
        kept, total = [], 0
        for message in walk(messages):
            if not keep(total, count(message), budget):
                if stops:
                    break
                continue
            total += count(message)
            kept.append(message)
        return kept[::-1] if back else kept

    return window


def _fits(total, size, budget):
    return total + size <= budget


def _window_first_kept_anyway(messages, budget, count):
    kept = _keeping(_fits)(messages, budget, count)
    return kept or messages[-1:]


def _window_empties(messages, budget, count):
    kept = []
    while messages and sum(map(count, kept)) + count(messages[-1]) <= budget:
        kept.insert(0, messages.pop())
    return kept


def _window_crashes_when_empty(messages, budget, count):
    total, start = count(messages[-1]), len(messages)
    while total <= budget and start > 0:
        start -= 1
        total += count(messages[start - 1]) if start else 0
    return messages[start:]


def _window_one_too_far(messages, budget, count):
    kept, total = [], 0
    for message in reversed(messages):
        kept.insert(0, message)
        total += count(message)
        if total >= budget:
            break
    return kept


def _window_drops(messages, budget, count):
    kept = list(messages)
    while sum(count(message) for message in kept) > budget:
        kept.pop(0)
    return kept


def _window_recursive(messages, budget, count):
    if not messages or count(messages[-1]) > budget:
        return []
    *before, last = messages
    return [*_window_recursive(before, budget - count(last), count), last]


def _window_sums(messages, budget, count):
    sizes = [count(message) for message in messages]
    start = next(rank for rank in range(len(sizes) + 1) if sum(sizes[rank:]) <= budget)
    return messages[start:]


def _window_deque(messages, budget, count):
    from collections import deque

    kept = deque()
    for message in messages[::-1]:
        budget -= count(message)
        if budget < 0:
            break
        kept.appendleft(message)
    return list(kept)


# --- Les requêtes ---------------------------------------------------------------------------------------

_TIE, _OWN, _N, _QUOTE, _LIKE_SQL = (
    "prend les derniers, même à date égale",
    "ne prend que la séance demandée",
    "tient compte de n",
    "accepte une apostrophe dans un nom",
    "n'est pas trompée par un nom écrit comme du SQL",
)
_ALL_COLUMNS = "id, role, content, created_at"


def _select(rest, after=lambda rows: rows, columns=_ALL_COLUMNS):
    def newest(connection, session, n):
        rows = connection.execute(text(f"SELECT {columns} FROM messages {rest}"), {"session": session, "n": n}).all()
        return after(rows)

    return newest


def _back(rows):
    return rows[::-1]


def _newest_document(connection, session, n):
    query = "SELECT id, role, content, created_at FROM messages ORDER BY created_at DESC LIMIT 10"
    return connection.execute(text(query)).all()


def _newest_glued(connection, session, n):
    query = f"SELECT {_ALL_COLUMNS} FROM messages WHERE session = '{session}' ORDER BY id DESC LIMIT {n}"
    return list(reversed(connection.execute(text(query)).all()))


def _newest_doubled_quotes(connection, session, n):
    name = session.replace("'", "")
    query = f"SELECT {_ALL_COLUMNS} FROM messages WHERE session = '{name}' ORDER BY id DESC LIMIT {n}"
    return list(reversed(connection.execute(text(query)).all()))


def _newest_unfinished(connection, session, n):
    connection.execute(text("SELECT * FROM messages WHERE session = :session"), {"session": session})


def _newest_filtered_late(connection, session, n):
    query = f"SELECT {_ALL_COLUMNS}, session FROM messages ORDER BY id DESC LIMIT :n"
    rows = connection.execute(text(query), {"n": n}).all()
    return [tuple(row[:4]) for row in reversed(rows) if row.session == session]


def _newest_nested(connection, session, n):
    query = text(
        "SELECT * FROM (SELECT id, role, content, created_at FROM messages WHERE session = :who ORDER BY id DESC LIMIT :many) AS kept ORDER BY id"
    )
    return connection.execute(query, {"who": session, "many": n}).fetchall()


def _newest_python(connection, session, n):
    rows = connection.execute(
        text("SELECT id, role, content, created_at FROM messages WHERE session = :s ORDER BY id"), {"s": session}
    )
    kept = []
    for row in rows:
        kept.append((row.id, row.role, row.content, row.created_at))
    return kept[-n:]


def _newest_core(connection, session, n):
    table = sql_memory.MESSAGES.c
    query = (
        sql_memory.select(table.id, table.role, table.content, table.created_at)
        .where(table.session == session)
        .order_by(table.id.desc())
        .limit(n)
    )
    return list(connection.execute(query))[::-1]


def _newest_both(connection, session, n):
    query = "SELECT id, role, content, created_at FROM messages WHERE session = :session ORDER BY created_at DESC, id DESC LIMIT :n"
    rows = connection.execute(text(query), dict(session=session, n=n))
    return list(reversed(list(rows)))


_WRITES, _APOSTROPHE, _FORGED, _NAME, _REQUEST, _CONTROL = (
    "écrit un message",
    "écrit une apostrophe",
    "ne laisse pas un texte écrire une autre ligne",
    "écrit un nom de séance à apostrophe",
    "écrit ce qui ressemble à une requête",
    "écrit un signe de contrôle",
)


def _glued(change=lambda content: content, name=lambda session: session):
    def insert_message(connection, session, role, content, created_at):
        query = f"INSERT INTO messages (session, role, content, created_at) VALUES ('{name(session)}', '{role}', '{change(content)}', {created_at})"
        connection.execute(text(query))

    return insert_message


def _insert_document(connection, session, role, content, created_at):
    query = f"INSERT INTO messages (session, role, content, created_at) VALUES ('{session}', '{role}', '{content}', {created_at})"
    connection.execute(text(query))


def _bound(change=lambda content: content, **more):
    def insert_message(connection, session, role, content, created_at):
        query = "INSERT INTO messages (session, role, content, created_at) VALUES (:session, :role, :content, :created_at)"
        values = {"session": session, "role": role, "content": change(content), "created_at": created_at} | more
        connection.execute(text(query), values)

    return insert_message


def _insert_half_bound(connection, session, role, content, created_at):
    query = f"INSERT INTO messages (session, role, content, created_at) VALUES ('{session}', :role, :content, :created_at)"
    connection.execute(text(query), {"role": role, "content": content, "created_at": created_at})


def _insert_format(connection, session, role, content, created_at):
    query = "INSERT INTO messages (session, role, content, created_at) VALUES ('%s', '%s', '%s', %f)"
    connection.execute(text(query % (session, role, content, created_at)))


def _insert_double_quotes(connection, session, role, content, created_at):
    query = f'INSERT INTO messages (session, role, content, created_at) VALUES ("{session}", "{role}", "{content}", {created_at})'
    connection.exec_driver_sql(query)


def _insert_nothing(connection, session, role, content, created_at):
    text("INSERT INTO messages (session, role, content, created_at) VALUES (:session, :role, :content, :created_at)")


_ROLE, _LINES = "écrit le rôle qu'on lui donne", "garde les espaces et les lignes"


def _insert_undone(connection, session, role, content, created_at):
    _bound()(connection, session, role, content, created_at)
    connection.rollback()


def _insert_swapped(connection, session, role, content, created_at):
    query = "INSERT INTO messages (session, role, content, created_at) VALUES (:a, :b, :c, :d)"
    connection.execute(text(query), {"a": session, "b": content, "c": role, "d": created_at})


def _insert_keyword(connection, session, role, content, created_at):
    query = text("INSERT INTO messages (session, role, content, created_at) VALUES (:s, :r, :c, :d)")
    connection.execute(query, dict(s=session, r=role, c=content, d=created_at))


def _insert_bindparams(connection, session, role, content, created_at):
    query = text("INSERT INTO messages (session, role, content, created_at) VALUES (:s, :r, :c, :d)")
    connection.execute(query.bindparams(s=session, r=role, c=content, d=created_at))


def _insert_core(connection, session, role, content, created_at):
    values = {"session": session, "role": role, "content": content, "created_at": created_at}
    connection.execute(sql_memory.MESSAGES.insert(), [values])


# --- Le plus proche -------------------------------------------------------------------------------------

_ANGLE, _OPPOSITE, _NULL, _EQUAL, _MANY = (
    "range par l'angle, pas par la longueur",
    "met les opposés à la fin",
    "accepte un vecteur nul",
    "départage par le rang",
    "accepte un k trop grand",
)


_AMONG = "range aussi les k premiers entre eux"


def _cosines(query, kept):
    lengths = np.linalg.norm(kept, axis=1) * np.linalg.norm(query)
    return np.where(lengths > 0, kept @ query / np.where(lengths > 0, lengths, 1), 0.0)


def _nearest(score, choose=lambda values, k: np.argsort(-values, kind="stable")[:k].tolist()):
    def cosine_top_k(query, vectors, k):
        with np.errstate(all="ignore"):
            return choose(score(query, vectors), k)

    return cosine_top_k


def _nearest_nan(query, kept):
    return kept @ query / (np.linalg.norm(kept, axis=1) * np.linalg.norm(query))


def _nearest_skips_null(query, vectors, k):
    cosines = _cosines(query, vectors)
    return [rank for rank in np.argsort(-cosines, kind="stable").tolist() if vectors[rank].any()][:k]


def _nearest_reversed(query, vectors, k):
    return np.argsort(_cosines(query, vectors), kind="stable")[::-1][:k].tolist()


def _nearest_query_only(query, kept):
    return kept @ query / np.linalg.norm(query)


def _nearest_loop(query, vectors, k):
    scored = []
    for rank, vector in enumerate(vectors):
        top = sum(float(a) * float(b) for a, b in zip(query, vector))
        length = float(np.sqrt((vector**2).sum() * (query**2).sum()))
        scored.append((-(top / length if length else 0.0), rank))
    return [rank for _, rank in sorted((round(score, 12), rank) for score, rank in scored)[:k]]


def _nearest_heap(query, vectors, k):
    cosines = np.round(_cosines(query, vectors), 12)
    return heapq.nsmallest(k, range(len(cosines)), key=lambda rank: (-cosines[rank], rank))


def _nearest_torch(query, vectors, k):
    cosines = torch.nn.functional.cosine_similarity(torch.tensor(vectors), torch.tensor(query)[None])
    return cosines.round(decimals=6).sort(descending=True, stable=True).indices[:k]


def _nearest_unit(query, vectors, k):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(lengths == 0, 1, lengths)
    return np.argsort(-np.round(unit @ query, 9), kind="stable")[:k]


# --- Oublier --------------------------------------------------------------------------------------------

_SELF, _HERS, _START, _MIDDLE, _CASE, _REST, _NAMED, _UP = (
    "couvre la séance elle-même",
    "couvre les séances de la personne",
    "épargne un nom qui commence pareil",
    "épargne qui a le nom au milieu",
    "distingue les majuscules",
    "épargne le reste de la personne",
    "couvre une séance nommée",
    "ne remonte pas à la personne",
)


_THEIRS, _COMPOUND, _DEEP, _SIGNS = (
    "épargne les séances de ce nom-là",
    "épargne un nom composé",
    "couvre la suite de la suite",
    "lit les signes d'un nom tels quels",
)


def _cover(function):
    return lambda name, session: function(name, session)


def _cover_parts(name, session):
    wanted, parts = name.split("/"), session.split("/")
    return parts[: len(wanted)] == wanted


def _cover_loop(name, session):
    if session == name:
        return True
    return len(session) > len(name) and session[: len(name) + 1] == name + "/"


def _is(name, session):
    return session == name or session.startswith(name + "/")


_W = [
    # (exercice, [(nom, fonction, vérification, piste)…])
    ("keyword_reply", [
        ("_reply_document", _reply_document, _SECOND, "une question plus ancienne"),
        ("_reply_first", _by(lambda m: m[0].content.lower()), _SECOND, "une question plus ancienne"),
        ("_reply_case", _by(lambda m: m[-1].content), _FIRST, ""),
        ("_reply_case_both", _by(lambda m: m[-1].content, rules=(("Salut", GREETING), ("salut", GREETING), ("météo", WEATHER))), _UPPER, "minuscules"),
        ("_reply_weather_first", _by(lambda m: m[-1].content.lower(), rules=(("météo", WEATHER), ("salut", GREETING))), _GREET, "c'est l'inverse"),
        ("_reply_silent", _by(lambda m: m[-1].content.lower(), lost=None), _UNKNOWN, "Rien n'est rendu"),
        ("_reply_last_two", _by(lambda m: (m[-2].content + m[-1].content if len(m) > 1 else m[-1].content).lower()), _UNKNOWN, "plus ancienne"),
        ("_reply_all_but_assistant", _by(lambda m: " ".join(x.content for x in m if x.role == "user").lower()), _SECOND, "une question plus ancienne"),
        ("_reply_always", lambda messages: GREETING, _SECOND, "une question plus ancienne"),
        ("_reply_list", lambda messages: [_reply_last([m]) for m in messages], _FIRST, "une seule réponse"),
        ("_reply_whole_word", _by(lambda m: m[-1].content.lower().split()), _GLUED, "dans le texte entier"),
        ("_reply_whole_question", _by(lambda m: [m[-1].content.lower().strip(" .?!")], rules=(("salut", GREETING), ("quelle est la météo", WEATHER))), _GLUED, "par une égalité"),
        ("_reply_none", lambda messages: None, _FIRST, "None"),
    ]),
    ("window", [
        ("_window_first", _keeping(_fits, walk=iter, back=False), _LAST, "les premiers messages"),
        ("_window_backwards", _keeping(_fits, back=False), _LAST, "à l'envers"),
        ("_window_strict", _keeping(lambda t, s, b: t + s < b), _LAST, "atteindre le budget est permis"),
        ("_window_count", lambda messages, budget, count: messages[-budget:], _LAST, "leur total"),
        ("_window_all", lambda messages, budget, count: list(messages), _LAST, "Tout est gardé"),
        ("_window_total", lambda messages, budget, count: min(budget, sum(map(count, messages))), _LAST, "un nombre"),
        ("_window_text", lambda messages, budget, count: " ".join(_window_drops(messages, budget, count)), _LAST, "une liste de messages"),
        ("_window_no_sum", lambda messages, budget, count: _keeping(lambda t, s, b: s <= b)(messages, budget, count), _LAST, "7 tokens"),
        ("_window_skips", _keeping(_fits, stops=False), _STOP, "Un message du milieu manque"),
        ("_window_late", _keeping(lambda t, s, b: t < b), _STOP, "avant de le garder"),
        ("_window_one_too_far", _window_one_too_far, _STOP, "avant de le garder"),
        ("_window_never_all", lambda messages, budget, count: _window_drops(messages[1:], budget, count), _ALL, "Le premier manque"),
        ("_window_first_kept_anyway", _window_first_kept_anyway, _TOO_BIG, "dépasse le budget"),
        ("_window_none", lambda messages, budget, count: _window_drops(messages, budget, count) or None, _TOO_BIG, "une liste vide"),
        ("_window_crash", lambda messages, budget, count: _window_drops(messages, budget, count) if messages[-1] else [], _EMPTY, ""),
        ("_window_empties", _window_empties, _LAST, "modifie ce qu'on lui donne"),
    ]),
    ("newest", [
        ("_newest_document", _newest_document, _TIE, ""),
        ("_newest_by_date", _select("WHERE session = :session ORDER BY created_at DESC LIMIT :n"), _TIE, "les plus anciens"),
        ("_newest_by_date_back", _select("WHERE session = :session ORDER BY created_at DESC LIMIT :n", _back), _TIE, "les plus anciens"),
        ("_newest_ascending", _select("WHERE session = :session ORDER BY id LIMIT :n"), _TIE, "les plus anciens"),
        ("_newest_descending", _select("WHERE session = :session ORDER BY id DESC LIMIT :n"), _TIE, "retournez la liste"),
        ("_newest_no_limit", _select("WHERE session = :session ORDER BY id"), _TIE, "n vaut 3"),
        ("_newest_contents", _select("WHERE session = :session ORDER BY id DESC LIMIT :n", lambda rows: [row.content for row in _back(rows)]), _TIE, "quatre colonnes"),
        ("_newest_two_columns", _select("WHERE session = :session ORDER BY id DESC LIMIT :n", _back, "role, content"), _TIE, "quatre colonnes"),
        ("_newest_unfinished", _newest_unfinished, _TIE, "None"),
        ("_newest_everyone", _select("ORDER BY id DESC LIMIT :n", _back), _OWN, "Toutes les séances"),
        ("_newest_filtered_late", _newest_filtered_late, _OWN, "avant de couper"),
        ("_newest_lower", _select("WHERE lower(session) = lower(:session) ORDER BY id DESC LIMIT :n", _back), _OWN, "deux séances"),
        ("_newest_ten", _select("WHERE session = :session ORDER BY id DESC LIMIT 10", lambda rows: _back(rows)[-3:] if len(rows) == 6 else _back(rows)), _N, "n vaut 12"),
        ("_newest_glued", _newest_glued, _QUOTE, ""),
        ("_newest_stripped", _newest_doubled_quotes, _QUOTE, ""),
    ]),
    ("insert_message", [
        ("_insert_document", _insert_document, _APOSTROPHE, ""),
        ("_insert_format", _insert_format, _APOSTROPHE, ""),
        ("_insert_nothing", _insert_nothing, _WRITES, "Rien n'est écrit"),
        ("_insert_swapped", _insert_swapped, _WRITES, ""),
        ("_insert_stripped", _glued(lambda content: content.replace("'", "")), _APOSTROPHE, "L'apostrophe a disparu"),
        ("_insert_curly", _glued(lambda content: content.replace("'", "’")), _APOSTROPHE, "L'apostrophe a disparu"),
        ("_insert_only_known", _glued(lambda content: content.replace("est-ce", "''").replace("Qu'''", "Qu''est-ce")), _APOSTROPHE, ""),
        ("_insert_escaped", _glued(lambda content: content.replace("'", "''")), _NAME, ""),
        ("_insert_escaped_all", _glued(lambda content: content.replace("'", "''"), lambda session: session.replace("'", "''")), _REQUEST, ""),
        ("_insert_doubled", _bound(lambda content: content.replace("'", "''")), _APOSTROPHE, "écrite deux fois"),
        ("_insert_half_bound", _insert_half_bound, _NAME, ""),
        ("_insert_double_quotes", _insert_double_quotes, _CONTROL, ""),
        ("_insert_trimmed", _bound(lambda content: content.replace("\x00", "")), _CONTROL, ""),
        ("_insert_repr", _bound(repr), _WRITES, ""),
        ("_insert_as_user", _bound(role="user"), _ROLE, "Le rôle donné"),
        ("_insert_strip", _bound(str.strip), _LINES, "espaces des bords"),
        ("_insert_one_line", _bound(lambda content: content.replace("\n", " ")), _LINES, ""),
        ("_insert_undone", _insert_undone, _WRITES, "a disparu"),
        ("_insert_someone", _bound(session="bob"), _WRITES, ""),
    ]),
    ("cosine_top_k", [
        ("_nearest_dot", _nearest(lambda q, v: v @ q), _ANGLE, "produits scalaires"),
        ("_nearest_query_length", _nearest(_nearest_query_only), _ANGLE, "produits scalaires"),
        ("_nearest_farthest", _nearest(_cosines, lambda c, k: np.argsort(c, kind="stable")[:k]), _ANGLE, "les plus lointains"),
        ("_nearest_distance", _nearest(lambda q, v: -np.linalg.norm(v - q, axis=1)), _ANGLE, "l'ordre des distances"),
        ("_nearest_tail", _nearest(_cosines, lambda c, k: np.argsort(c, kind="stable")[-k:]), _ANGLE, "retournez la liste"),
        ("_nearest_absolute", _nearest(lambda q, v: abs(np.round(_cosines(q, v), 9))), _ANGLE, "Le signe est perdu"),
        ("_nearest_one_length", _nearest(lambda q, v: v @ q / (np.linalg.norm(v) * np.linalg.norm(q))), _ANGLE, "la longueur de son vecteur"),
        ("_nearest_twice", _nearest(lambda q, v: v @ q / np.where((v**2).sum(axis=1) > 0, (v**2).sum(axis=1), 1)), _ANGLE, "le carré des longueurs"),
        ("_nearest_null_last", _nearest(lambda q, v: np.where(v.any(axis=1), _cosines(q, v), -2)), _NULL, "le sien vaut 0"),
        ("_nearest_unsorted", _nearest(_cosines, lambda c, k: sorted(np.argsort(-c, kind="stable")[:k].tolist()) if len(c) > 5 else np.argsort(-c, kind="stable")[:k].tolist()), _AMONG, "Les six bons"),
        ("_nearest_values", _nearest(_cosines, lambda c, k: sorted(c.tolist(), reverse=True)[:k]), _ANGLE, "Ce sont des cosinus"),
        ("_nearest_pairs", _nearest(_cosines, lambda c, k: [(rank, c[rank]) for rank in np.argsort(-c)[:k].tolist()]), _ANGLE, "Chaque élément"),
        ("_nearest_all", _nearest(_cosines, lambda c, k: np.argsort(-c, kind="stable").tolist()), _ANGLE, "k vaut 3"),
        ("_nearest_best", _nearest(_cosines, lambda c, k: int(c.argmax())), _ANGLE, ""),
        ("_nearest_squared", _nearest(lambda q, v: _cosines(q, v) ** 2 * (1 - 2 * (_cosines(q, v) < -0.9) * (len(v) == 5))), _OPPOSITE, "Le signe est perdu"),
        ("_nearest_nan", _nearest(_nearest_nan), _NULL, "division par zéro"),
        ("_nearest_skips_null", _nearest_skips_null, _NULL, "a disparu"),
        ("_nearest_reversed", _nearest_reversed, _EQUAL, "un rang plus grand"),
        ("_nearest_partition", _nearest(_cosines, lambda c, k: np.argsort(-c, kind="stable")[np.arange(k)].tolist()), _MANY, ""),
    ]),
    ("covers", [
        ("_cover_start", _cover(lambda name, session: session.startswith(name)), _START, "Anatole"),
        ("_cover_in", _cover(lambda name, session: name in session), _START, "Anatole"),
        ("_cover_same", _cover(lambda name, session: name == session), _HERS, "lundi resterait"),
        ("_cover_slash_only", _cover(lambda name, session: session.startswith(name + "/")), _SELF, ""),
        ("_cover_any_part", _cover(lambda name, session: name == session or name in session.split("/")), _MIDDLE, "Diana"),
        ("_cover_bar_anywhere", _cover(lambda name, session: session == name or (session.startswith(name) and "/" in session)), _THEIRS, "la barre doit suivre"),
        ("_cover_not_a_letter", _cover(lambda name, session: session.startswith(name) and not session[len(name) : len(name) + 1].isalnum()), _COMPOUND, "seule une barre"),
        ("_cover_one_level", _cover(lambda name, session: session == name or session.rpartition("/")[0] == name), _DEEP, "plusieurs barres"),
        ("_cover_pattern", _cover(lambda name, session: session == name or re.match(name + "(/|$)", session) is not None), _SIGNS, "comme un motif"),
        ("_cover_wildcard", _cover(lambda name, session: session == name or fnmatch.fnmatchcase(session, f"{name}/*")), _SIGNS, "comme un motif"),
        ("_cover_lower", _cover(lambda name, session: _is(name.lower(), session.lower())), _CASE, ""),
        ("_cover_person", _cover(lambda name, session: name.split("/")[0] == session.split("/")[0]), _REST, "le mardi"),
        ("_cover_only_persons", _cover(lambda name, session: session.split("/")[0] == name), _NAMED, "resterait en mémoire"),
        ("_cover_both_ways", _cover(lambda name, session: _is(name, session) or _is(session, name)), _UP, "toute la personne"),
        ("_cover_reversed", _cover(lambda name, session: name.startswith(session)), _HERS, "lundi resterait"),
        ("_cover_none", _cover(lambda name, session: None), _SELF, "None"),
        ("_cover_always", _cover(lambda name, session: True), _START, "Anatole"),
        ("_cover_text", _cover(lambda name, session: "oui" if _is(name, session) else "non"), _SELF, ""),
    ]),
]  # fmt: skip

WRONG = {
    f"dialogue.{exercise}": tuple(
        Answer(_named(name, function), check, hint) for name, function, check, hint in answers
    )
    for exercise, answers in _W
}

# --- Ce que des personnes ont écrit, et que les fiches nommaient mal -----------------------------------

_LINE = "INSERT INTO messages (session, role, content, created_at) VALUES "


def _pasted(connection, session, role, content, created_at):
    query = f"{_LINE} ('{session}', '{role}', :content, {created_at})"
    connection.execute(text(query), {"content": content})


def _asked_by_mark(connection, session, role, content, created_at):
    connection.execute(text(f"{_LINE} (?, ?, ?, ?)"), (session, role, content, created_at))


def _not_given(connection, session, role, content, created_at):
    connection.execute(text(f"{_LINE} (:session, :role, :content, :created_at)"), {"session": session, "role": role})


def _not_text(connection, session, n):
    return connection.execute("SELECT id, role, content, created_at FROM messages").all()


def _reversed_too_soon(connection, session, n):
    query = "SELECT id, role, content, created_at FROM messages WHERE session = :s ORDER BY id DESC LIMIT :n"
    return list(reversed(connection.execute(text(query), {"s": session, "n": n})))


def _nearest_sklearn(query, vectors, k):
    from sklearn.metrics.pairwise import cosine_similarity

    return np.argsort(-cosine_similarity([query], vectors)[0], kind="stable")[:k].tolist()


WRITTEN = {
    "dialogue.keyword_reply": (Answer(lambda messages: GREETING if "salut" in messages[-1].content else LOST, _FIRST, "tenir compte des majuscules"),),
    "dialogue.window": (Answer(lambda messages, budget, count: [one for one in messages if count(one) <= budget], "garde les derniers", "leur total"),),
    "dialogue.newest": (
        Answer(_not_text, "prend les derniers, même à date égale", "sous text(…)"),
        Answer(_reversed_too_soon, "prend les derniers, même à date égale", ".all()"),
    ),
    "dialogue.insert_message": (
        Answer(_pasted, "écrit un nom de séance à apostrophe", "collée dans la requête"),
        Answer(_asked_by_mark, "écrit un message", "dans un dictionnaire"),
        Answer(_not_given, "écrit un message", "rien ne lui est donné"),
    ),
}  # fmt: skip
WRONG |= {name: WRONG[name] + answers for name, answers in WRITTEN.items()}

RIGHT = {
    "dialogue.keyword_reply": (_reply_last, _reply_reversed, _reply_regex, _reply_match),
    "dialogue.window": (
        _window_drops,
        _named("_window_calls", lambda messages, budget, count: _window_recursive(messages, budget, count)),
        _window_sums,
        _window_deque,
        _named("_window_walk", _keeping(_fits)),
    ),
    "dialogue.newest": (_newest_nested, _newest_python, _newest_core, _newest_both, _named("_newest_select", _select("WHERE session = :session ORDER BY id DESC LIMIT :n", lambda rows: rows[::-1]))),
    "dialogue.insert_message": (_insert_keyword, _insert_bindparams, _insert_core, _named("_insert_bound", _bound())),
    "dialogue.cosine_top_k": (_nearest_loop, _nearest_heap, _nearest_torch, _nearest_unit, _nearest_sklearn, _named("_nearest_plain", _nearest(_cosines))),
    "dialogue.covers": (
        _named("_cover_plain", _cover(_is)),
        _cover_parts,
        _cover_loop,
        _named("_cover_with_bar", _cover(lambda name, session: f"{session}/".startswith(f"{name}/"))),
        _named("_cover_regex", _cover(lambda name, session: bool(re.fullmatch(re.escape(name) + "(/.*)?", session)))),
    ),
}  # fmt: skip


def _letters(texts):
    return np.array([[float(text.count(letter)) for letter in "aeiou"] for text in texts])


def use():
    """Un dialogue simulé, dans une petite fenêtre ; une base en mémoire ; une recherche ; un oubli."""
    talk = dialogue.Dialogue(dialogue.MockLLM(60), dialogue.ListMemory(), max_new_tokens=20)
    replies = talk.replies("ana", ["Salut", "Quelle est la météo ?", "Il a plu toute la nuit sur la roue du moulin."])
    talk.memory.add("anatole", "user", "Moi, c'est Anatole.")
    talk.memory.forget("ana")
    base, near = sql_memory.SqlMemory("sqlite://"), vectors.VectorList(_letters)
    for rank, text_ in enumerate(["L'eau", "la roue", "le moulin"]):
        base.add("ana", "user", f"{rank} {text_}")
        near.add("ana", "user", text_)
    found = {
        "replies": replies,
        "context": [each.content for each in talk.context("bob", "Salut")],
        "left": talk.memory.sessions(),
        "recent": [each.content for each in base.recent("ana", 2)],
        "near": [each.content for each in near.related("ana", "roue", 2)],
    }
    base.close()
    return found
