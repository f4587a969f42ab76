"""Les lignes de la leçon 10 : ce qui est embarqué est net, et ce qu'on apporte est lu, nettoyé, réparti et exporté."""

import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurore import rows, settings
from aurore.lessons import LESSONS
from aurore.rows import Row
from aurore.settings import AuroreError

TRAIN, VALIDATION, TEST = (rows.load_rows(split) for split in rows.SPLITS)
EVERY = [*TRAIN, *VALIDATION, *TEST]
FACTS = [row for row in EVERY if row.theme != "contexte"]


# --- Ce qui est embarqué


def test_there_are_enough_rows_and_every_one_is_whole():
    assert len(TRAIN) >= 400
    assert {row.theme for row in EVERY} == set(rows.THEMES)
    for row in EVERY:
        assert row.instruction and row.output and row.fact and row.key
        assert row.output.endswith(".") and len(row.output) <= 120
        assert rows.folded(row.key) in rows.folded(row.output)
        assert row.instruction.endswith((" ?", "."))
        assert bool(row.input) == (row.theme == "contexte")


@pytest.mark.parametrize("split", rows.SPLITS)
def test_every_line_is_what_json_dumps_writes(split):
    text = (rows.FOLDER / f"{split}.jsonl").read_text(encoding="utf-8")
    values, faults = rows.parse_jsonl(text)
    assert faults == [] and text == rows.write_jsonl(values)
    assert "\N{RIGHT SINGLE QUOTATION MARK}" not in text and "\N{NO-BREAK SPACE}" not in text


def test_no_row_comes_twice():
    assert rows.duplicates(EVERY) == []


def test_no_question_has_two_answers():
    assert rows.contradictions(EVERY) == []


def test_a_fact_has_one_answer_and_is_asked_in_several_ways():
    outputs = {}
    for row in FACTS:
        assert outputs.setdefault(row.fact, (row.output, row.key, row.theme)) == (row.output, row.key, row.theme)
    learnt, judged = Counter(r.fact for r in TRAIN), Counter(r.fact for r in TEST)
    for fact in outputs:
        assert learnt[fact] >= 3 and judged[fact] == 1


def test_what_is_held_out_is_never_learnt():
    assert rows.leaks(TRAIN, VALIDATION) == rows.leaks([*TRAIN, *VALIDATION], TEST) == []
    assert {row.fact for row in TEST if row.theme != "contexte"} <= {row.fact for row in TRAIN}
    for kept, others in ((VALIDATION, TRAIN), (TEST, [*TRAIN, *VALIDATION])):
        known = {row.key for row in others if row.theme == "contexte"}
        assert not known & {row.key for row in kept if row.theme == "contexte"}, "ces mots-là ont été appris"


def test_what_they_say_of_the_workshop_is_true():
    config = json.loads((settings.EMBEDDED_MODEL / "config.json").read_text(encoding="utf-8"))
    said = {row.fact: row.key for row in TRAIN if row.theme == "atelier"}
    tokens, width, layers = config["vocab_size"], config["n_embd"], config["n_layer"]
    weights = tokens * width + config["n_positions"] * width + layers * (12 * width**2 + 13 * width) + 2 * width
    assert said["vocabulaire"].replace(" ", "") == str(tokens)
    assert said["contexte"] == str(config["n_positions"])
    assert said["couches"] == "six couches" and layers == 6
    assert said["poids"] == f"{weights / 1e6:.1f} millions".replace(".", ",")
    assert said["lecons"] == "quatorze" and len(LESSONS) == 14
    numbers = {lesson.module: f"{lesson.number:02}" for lesson in LESSONS}
    assert (said["lecon-attention"], said["lecon-finetuning"]) == (numbers["attention"], numbers["finetune"])
    assert said["graine"].endswith(str(settings.SEED)) and said["ignore"] == "-100"


def test_the_dates_agree_with_the_catalogue():
    """Un titre du catalogue et une date de nos lignes ne se contredisent pas : la naissance précède, la mort suit."""
    years = {row.fact: int(row.key) for row in TRAIN if row.key.isdecimal() and len(row.key) == 4}
    born, died = years["naissance-date"], years["mort-date"]
    assert all(born <= years[fact] <= died for fact in years if fact.endswith("-date"))
    assert years["divorce-interdit"] < years["separation"] < years["divorce-retabli"]
    assert years["mariage-date"] < years["fils-naissance"] < years["fille-naissance"] < years["separation"]


# --- Lire


def test_a_missing_or_broken_file_says_what_to_do(tmp_path):
    with pytest.raises(AuroreError, match=r"train\.jsonl manque"):
        rows.load_rows("train", tmp_path)
    (tmp_path / "train.jsonl").write_text('{"instruction": "a", "output": "b"}\nnon\n', encoding="utf-8")
    with pytest.raises(AuroreError, match="ligne 2"):
        rows.load_rows("train", tmp_path)
    (tmp_path / "train.jsonl").write_text('{"instruction": "a", "output": 3}\n', encoding="utf-8")
    with pytest.raises(AuroreError, match="« output »"):
        rows.load_rows("train", tmp_path)
    (tmp_path / "train.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(AuroreError, match="UTF-8"):
        rows.load_rows("train", tmp_path)


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(st.lists(st.builds(Row, texts.filter(bool), texts.filter(bool), texts), max_size=6))
def test_what_is_written_is_read_back(lines):
    found, faults = rows.parse_jsonl(
        rows.write_jsonl({"instruction": r.instruction, "output": r.output} for r in lines)
    )
    assert faults == []
    assert [(value["instruction"], value["output"]) for value in found] == [(r.instruction, r.output) for r in lines]


def test_rows_are_saved_and_loaded(tmp_path):
    lines = [Row("Où ?", "Là.", "Ici\nou là", "fait", "vie", "là")]
    rows.save_rows(lines, tmp_path / "train.jsonl")
    assert rows.load_rows("train", tmp_path) == lines


def test_the_documents_escaping_fails_where_a_quote_is_missing():
    line = r'{"prompt": "a", "completion": "{\"standard\": \"ISO\", "organization\": \"x\"}"}'
    _, [(number, reason)] = rows.parse_jsonl(line)
    assert number == 1 and "char" in reason
    whole = rows.write_jsonl([{"prompt": "a", "completion": json.dumps({"standard": "ISO", "organization": "x"})}])
    assert rows.parse_jsonl(whole)[1] == []


# --- Contrôler, répartir


def test_copies_differ_by_case_and_punctuation_only():
    same = [
        Row("Où est-elle née ?", "À Paris."),
        Row("ou est elle nee", "A PARIS !"),
        Row("Où est-elle née ?", "À Nohant."),
    ]
    assert rows.duplicates(same) == [same[1]]
    assert rows.contradictions(same) == [("Où est-elle née ?", ["À Paris.", "À Nohant."])]
    assert rows.leaks(same[:1], same[1:]) == same[1:]


def test_the_same_question_about_another_text_is_another_question():
    lines = [Row("Qui ?", "Lui.", "Il pleut."), Row("Qui ?", "Elle.", "Il vente.")]
    assert rows.contradictions(lines) == rows.duplicates(lines) == rows.leaks(lines[:1], lines[1:]) == []


def test_folded_knows_ligatures():
    assert rows.folded("  L'ŒUVRE, 1846 ! ") == "l oeuvre 1846"


@given(st.lists(st.integers(0, 20), max_size=60), st.integers(0, 5))
def test_a_split_shares_out_every_distinct_row_once(values, seed):
    parts = rows.split_rows(values, (85, 10, 5), seed)
    assert sorted(value for part in parts for value in part) == sorted(set(values))
    assert parts == rows.split_rows(values, (85, 10, 5), seed)


def test_duplicates_leak_in_a_random_split():
    """Document 000 : 248 lignes, 130 différentes. Un test tiré au sort est déjà appris aux deux tiers."""
    distinct = list(range(130))
    lines = distinct + [distinct[rank % 100] for rank in range(118)]
    shares = []
    for seed in range(40):
        drawn = list(lines)
        random.Random(seed).shuffle(drawn)
        test, train = drawn[:12], drawn[12:]
        shares.append(len([line for line in test if line in set(train)]) / len(test))
    assert 0.6 < sum(shares) / len(shares) < 0.95
    train, _, test = rows.split_rows(lines)
    assert not set(train) & set(test)


# --- Stanford Alpaca


def alpaca(number):
    lines = [{"instruction": f"Say {k}", "input": "", "output": f"It is {k}."} for k in range(number)]
    return [*lines, lines[0], {"instruction": "say 1 !", "input": "", "output": "It is 1"}, {"instruction": "", "output": "x"},
            {"instruction": "Empty", "input": None, "output": float("nan")}, {"instruction": "None", "output": "nan"}]  # fmt: skip


def test_alpaca_is_read_by_url_and_cleaned(library):
    library.put("alpaca_data.json", json.dumps(alpaca(200)).encode())
    found = rows.load_alpaca(f"{library.url}/alpaca_data.json")
    assert (found.read, found.incomplete, found.repeated, len(found.rows)) == (205, 3, 2, 200)
    assert "CC BY-NC" in str(found) and rows.duplicates(found.rows) == []
    some = rows.subset(found.rows, 0.1)
    assert len(some) == 20 and some == rows.subset(found.rows, 0.1)
    assert [len(part) for part in rows.split_rows(some)] == [17, 2, 1]


def test_the_real_file_would_give_the_sizes_of_the_document():
    """52 002 lignes, 10 %, puis 85, 10 et 5 %."""
    some = rows.subset([Row(str(rank), "x") for rank in range(52_002)], 0.1)
    assert [len(some), *(len(part) for part in rows.split_rows(some))] == [5_200, 4_420, 520, 260]


def test_alpaca_is_read_from_a_file(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(alpaca(3)), encoding="utf-8-sig")
    (tmp_path / "a.jsonl").write_text(rows.write_jsonl(alpaca(3)[:3]), encoding="utf-8")
    assert rows.load_alpaca(str(tmp_path / "a.json")).rows == rows.load_alpaca(str(tmp_path / "a.jsonl")).rows


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[{", "JSON entier"), (b"[]", "pas une ligne"), (b'{"a": 1}\nnon', "ligne 2"), (b"\xff", "UTF-8"), (b"[3]", "pas une ligne")],
)  # fmt: skip
def test_a_bad_file_says_so(tmp_path, content, said):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(AuroreError, match=said):
        rows.load_alpaca(str(tmp_path / "a.json"))


def test_a_missing_source_says_what_to_do(tmp_path, library, closed_url):
    with pytest.raises(AuroreError, match="n'est pas un fichier"):
        rows.load_alpaca(str(tmp_path / "rien.json"))
    with pytest.raises(AuroreError, match="Rien à l'adresse"):
        rows.load_alpaca(f"{library.url}/rien.json")
    with pytest.raises(AuroreError, match="connexion impossible"):
        rows.load_alpaca(f"{closed_url}/alpaca_data.json")


# --- Vers un service hébergé


def test_our_rows_make_a_file_that_is_ready():
    text = rows.export_chat(EVERY, "Répondez en une phrase.")
    assert rows.check_chat(text) == [] and len(text.splitlines()) == len(EVERY)


def turns(*roles):
    return json.dumps({"messages": [{"role": role, "content": "x"} for role in roles]})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("non", "Expecting value"),
        ("[]", "objet"),
        ('{"prompt": "a", "completion": "b"}', "« messages »"),
        ('{"messages": []}', "« messages »"),
        (turns("user", "bot"), "rôle connu"),
        ('{"messages": [{"role": "user", "content": " "}]}', "n'a pas de texte"),
        (turns("user"), "jusqu'à une réponse"),
        (turns("system"), "jusqu'à une réponse"),
        (turns("user", "user", "assistant"), "chacun son tour"),
        (turns("assistant", "user"), "chacun son tour"),
        (turns("user", "assistant", "system"), "en tête"),
    ],
)
def test_a_bad_conversation_is_named_by_its_line(line, said):
    [(number, reason)] = rows.check_chat(turns("system", "user", "assistant", "user", "assistant") + "\n\n" + line)
    assert number == 3 and said in reason
