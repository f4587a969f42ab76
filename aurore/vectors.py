"""Leçon 11, les vecteurs : retrouver un message parce qu'il parle de la même chose, même dit autrement.

Un texte devient un vecteur, et deux textes voisins ont des vecteurs qui pointent du même côté. `cosine_top_k` les compare ;
sqlite-vec et pgvector font de même dans la base. Les vecteurs d'une personne s'effacent avec ses messages.
"""

import sqlite3
import struct
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import sqlite_vec
from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Integer, LargeBinary, String, Table, event, func, select, text
from sqlalchemy.types import UserDefinedType

from aurore.memories import ListMemory, Message, check_session
from aurore.settings import AuroreError
from aurore.sql_memory import MESSAGES, TABLES, SqlMemory, _covered, _read

Vectors = np.ndarray


def cosine_top_k(query: Vectors, vectors: Vectors, k: int) -> list[int]:
    """Les rangs des `k` vecteurs de `vectors` (n, d) les plus proches de `query` (d,), du plus proche au plus lointain.

    La proximité est le cosinus de l'angle : le produit scalaire, divisé par les deux longueurs. Un vecteur nul n'est proche
    de rien : son cosinus vaut 0. À égalité, le plus petit rang d'abord.
    """
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(query)
    cosines = np.divide(vectors @ query, lengths, out=np.zeros(len(vectors)), where=lengths > 0)
    return np.argsort(-cosines, kind="stable")[:k].tolist()


class Embed(Protocol):
    """Ce qui change des textes en vecteurs (n, dimensions), float32. `name` change dès que les vecteurs changent."""

    name: str
    dimensions: int

    def __call__(self, texts: Sequence[str]) -> Vectors: ...
