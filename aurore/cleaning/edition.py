"""Ce qui, dans un livre numérisé, n'est pas de l'auteur.

Entre les marqueurs de Gutenberg, un fichier porte encore la trace de ceux qui l'ont fait : remerciements,
notes du transcripteur, page de titre et catalogue du libraire, tables, légendes, appels de notes. Ce module
les ôte, dans l'ordre :

    aurore/cleaning/marks.py  les marques au fil du texte : crochets, numéros de page, notes, italiques
    aurore/cleaning/ends.py   les deux bouts du livre : transcripteurs, libraires, tables, annexes
    et ici, au milieu : filets, pages de tome, imprimeurs

On travaille sur des *blocs*, c'est-à-dire des groupes de lignes séparés par des lignes vides, et l'on décide bloc par
bloc (`aurore/cleaning/kinds.py`) : une ligne isolée ne dit pas si « licence » est un mot de l'auteur ou du libraire.

Règle de prudence : dans le doute, le texte reste. Un mot ne prouve rien ; il faut la place et la forme. Ce qui part
est retenu dans un compte (`aurore/cleaning/blocks.py`).
"""

import re

from aurore.cleaning import kinds, transcription
from aurore.cleaning.blocks import Account, Block, is_heading, join_blocks, split_blocks
from aurore.cleaning.ends import entries, foreign_words, trim_back, trim_front
from aurore.cleaning.marks import (
    open_restored_letters,
    remove_bracketed,
    remove_emphasis,
    remove_footnotes,
    remove_formulas,
    remove_html,
    remove_line_numbers,
    remove_page_numbers,
)
from aurore.language import is_english, lowercase_words

__all__ = ["is_heading", "join_blocks", "remove_bracketed", "remove_edition", "split_blocks"]


def remove_edition(text: str, account: Account | None = None) -> str:
    """Rend le texte de l'auteur : préfaces, titres de chapitres et texte, sans rien des éditeurs.

    Entrée : le texte pris entre les marqueurs de Gutenberg (`corpus.cut_frame`), lignes coupées. Sortie :
    le même, lignes toujours coupées, blocs étrangers ôtés, marques d'italique et de gras effacées. `account`, s'il
    est donné, retient ce qui est parti.
    """
    account = account or Account()
    text = remove_formulas(remove_html(text), account)
    text = remove_bracketed(text, account)
    text = remove_line_numbers(remove_page_numbers(text, account), account)
    text = open_restored_letters(remove_footnotes(text, account))
    blocks = trim_back(trim_front(split_blocks(text), account), account)
    blocks = account.keep("tables", blocks, _drop_inner_tables(blocks))
    blocks = account.keep("filets, imprimeurs et pages de tome", blocks, _without_foreign(blocks))
    return remove_emphasis(join_blocks(_mend(blocks)))


def foreign_share(text: str) -> tuple[float, str]:
    """La part des mots d'un livre qui sont dans des alinéas étrangers, et leur langue : l'appareil d'une édition scolaire."""
    found, total = foreign_words(split_blocks(text))
    language, count = max(found.items(), key=lambda item: item[1], default=("", 0))
    return (count / total, language) if count > 400 else (0.0, "")


def _without_foreign(blocks: list[Block]) -> list[Block]:
    foreign = [_is_foreign_to_author(block) for block in blocks]
    # La date qui suit une page de tome s'en va avec elle.
    return [
        block
        for i, block in enumerate(blocks)
        if not foreign[i] and not (i > 0 and foreign[i - 1] and kinds.YEAR.match(block.text))
    ]


def _is_foreign_to_author(block: Block) -> bool:
    """Motifs sans ambiguïté : filet, imprimeur, page de tome, anglais qui parle de numérisation.

    Un vers ou une réplique en anglais sont de l'auteur qui les cite.
    """
    text = block.text
    if kinds.RULE.match(text) or all(kinds.RULE.match(line) for line in block.lines):
        return True
    if len(text) < 160 and (kinds.is_printer(text) or kinds.END_OF_PART.match(text)):
        return True
    if len(text) < 300 and lowercase_words(text) <= 3 and kinds.VOLUME_PAGE.search(text):
        return True
    return is_english(text) and (transcription.is_note(block) or transcription.is_credit(block))


def _drop_inner_tables(blocks: list[Block]) -> list[Block]:
    """Ôte la table qui ouvre un second tome, au milieu du fichier : son titre, et les entrées qui le suivent."""
    kept, skipping = [], False
    for i, block in enumerate(blocks):
        if (
            len(block.lines) <= 3
            and any(kinds.TABLE.match(line) for line in block.lines)
            and entries(blocks[i + 1 : i + 9]) >= 4
        ):
            skipping = True
        elif (
            skipping
            and block.gap < 5
            and (kinds.is_list(block) or is_heading(block.text))
            and not _starts_chapter(blocks[i:])
        ):
            continue
        else:
            skipping = False
            kept.append(block)
    return kept


def _starts_chapter(blocks: list[Block]) -> bool:
    """Un titre que suit bientôt de la prose n'est pas une entrée de table."""
    return any(map(kinds.is_prose, blocks[1:4]))


def _mend(blocks: list[Block]) -> list[Block]:
    """Recoud l'alinéa qu'une illustration avait coupé : il s'arrête sans ponctuation et reprend en minuscule."""
    mended: list[Block] = []
    for block in blocks:
        before = mended[-1].lines[-1].rstrip("_ ") if mended else ""
        if len(before) >= 45 and re.search(r"[\w,]$", before) and re.match(r"\s*[a-zà-ÿ]", block.lines[0]):
            mended[-1] = Block(mended[-1].lines + block.lines, mended[-1].gap)
        else:
            mended.append(block)
    return mended
