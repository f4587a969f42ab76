"""Leçon 11, les vecteurs : retrouver un message parce qu'il parle de la même chose, même dit autrement.

Un texte devient un vecteur, et deux textes voisins ont des vecteurs qui pointent du même côté. `cosine_top_k` les compare ;
sqlite-vec et pgvector font de même dans la base. Les vecteurs d'une personne s'effacent avec ses messages.
"""

import json
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import sqlite_vec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    cast,
    event,
    exc,
    func,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

from aurore.memories import ListMemory, Message, check_session
from aurore.settings import AuroreError
from aurore.sql_memory import MESSAGES, TABLES, SqlMemory, covered, read_content

Vectors = np.ndarray


def cosine_top_k(query: Vectors, vectors: Vectors, k: int) -> list[int]:
    """Les rangs des `k` vecteurs de `vectors` (n, d) les plus proches de `query` (d,), du plus proche au plus lointain.

    La proximité est le cosinus de l'angle : le produit scalaire, divisé par les deux longueurs. Un vecteur nul n'est proche
    de rien : son cosinus vaut 0. À égalité, le plus petit rang d'abord.
    """
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(query)
    cosines = np.divide(vectors @ query, lengths, out=np.zeros(len(vectors)), where=lengths > 0)
    return np.argsort(-cosines, kind="stable")[:k].tolist()


# --- Du texte au vecteur --------------------------------------------------------------------------------


class Embedder:
    """Change des textes en vecteurs, avec la table d'entrée d'un modèle : aucun calcul de réseau.

    Le vecteur d'un texte est la somme de ceux de ses tokens, les rares pesant plus : a / (a + p), où p est leur fréquence
    (Arora et al. 2017). p suit la loi de Zipf : un BPE numérote ses tokens à peu près du plus fréquent au plus rare.
    """

    def __init__(self, model: Any = None, tokenizer: Any = None) -> None:
        if model is None:
            from aurore import models, settings

            model, tokenizer = models.load_model(settings.EMBEDDED_MODEL)
        table = model.get_input_embeddings().weight.detach().float().cpu().numpy()
        ranks = np.arange(len(table), dtype=np.float32)
        frequencies = 1 / ((ranks + _FLAT) * np.log(len(table)))
        weights = _RARE / (_RARE + frequencies)
        self.table = (table - table.mean(0)) * weights[:, None]  # (V, d) ; sans la moyenne, tout pointe du même côté
        self.tokenizer, self.dimensions = tokenizer, table.shape[1]
        self.name = blake2b(self.table.tobytes(), digest_size=8).hexdigest()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Les vecteurs (n, dimensions) de `texts`, de longueur 1 ; nul pour un texte vide."""
        ids = self.tokenizer(list(texts), verbose=False, split_special_tokens=True)["input_ids"] if texts else []
        sums = np.stack([self.table[each].sum(0) for each in ids]) if ids else np.zeros((0, self.dimensions))
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)


_FLAT, _RARE = 10, 1e-4  # les tout premiers rangs se valent ; le second est celui de l'article


# --- Avec une liste -------------------------------------------------------------------------------------


class VectorList(ListMemory):
    """`ListMemory`, qui sait en plus retrouver les messages proches d'un texte, en les comparant tous."""

    has_vectors = True

    def __init__(self, embed: Embedder) -> None:
        super().__init__()
        self.embed = embed

    def related(self, session: str, text: str, k: int) -> list[Message]:
        """Les `k` messages de cette séance les plus proches de `text`, du plus proche au plus lointain."""
        return nearest(self.embed, self.messages(session), text, k)


def nearest(embed: Embedder, messages: Sequence[Message], text: str, k: int) -> list[Message]:
    """Les `k` messages les plus proches de `text`, du plus proche au plus lointain."""
    if not messages or k < 1:
        return []
    vectors = embed([message.content for message in messages])
    return [messages[rank] for rank in cosine_top_k(embed([text])[0], vectors, k)]


# --- Dans la base ---------------------------------------------------------------------------------------


class Vector(UserDefinedType[Vectors]):
    """Une colonne de vecteurs float32 : « vector » de pgvector sous PostgreSQL, des octets ailleurs."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "BLOB"

    def bind_processor(self, dialect: Any) -> Any:
        def write(value: Vectors) -> Any:
            vector = np.asarray(value, dtype="<f4")
            return f"[{','.join(map(repr, vector.tolist()))}]" if dialect.name == "postgresql" else vector.tobytes()

        return write

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        def read(value: Any) -> Vectors:
            return np.array(json.loads(value), "<f4") if isinstance(value, str) else np.frombuffer(value, "<f4")

        return read


@compiles(Vector, "postgresql")
def _vector_of_postgresql(*_: Any, **__: Any) -> str:
    return "vector"


VECTORS = Table(
    "vectors",
    TABLES,
    Column("message", BigInteger().with_variant(Integer, "sqlite"), ForeignKey(MESSAGES.c.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("model", String(40), primary_key=True),
    Column("vector", Vector(), nullable=False),
    mysql_charset="utf8mb4",
)  # fmt: skip


class VectorMemory(SqlMemory):
    """`SqlMemory`, qui garde aussi le vecteur de chaque message et retrouve les plus proches d'un texte.

    SQLite compare par sqlite-vec, PostgreSQL par pgvector ; ailleurs, ou si l'extension ne se charge pas, c'est `cosine_top_k`.
    Un vecteur s'efface avec son message. Un message écrit sans vecteur, ou avec un autre modèle, reçoit le sien à la première recherche.
    """

    has_vectors = True

    def __init__(self, url: str, embed: Embedder) -> None:
        self.embed, self.compares = embed, True
        super().__init__(url)

    def _prepare(self) -> None:
        if self.kind == "sqlite":
            event.listen(self.engine, "connect", self._load_extension)
        if self.kind == "postgresql":
            self._create_extension()
        super()._prepare()
        self.compares = self.compares and self.kind != "mysql"

    def _load_extension(self, connection: Any, _: Any) -> None:
        try:
            connection.enable_load_extension(True)
            sqlite_vec.load(connection)
            connection.enable_load_extension(False)
        except (AttributeError, self.engine.dialect.dbapi.Error):  # pas d'extensions, sur certains Mac
            self.compares = False

    def _create_extension(self) -> None:
        try:
            with self.engine.begin() as connection:
                connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        except exc.OperationalError:
            pass  # le serveur ne répond pas : `_prepare` le dira
        except exc.SQLAlchemyError:
            self.close()
            raise AuroreError(
                f"La base {self.place} n'a pas pgvector. Installez-le, ou gardez les vecteurs dans un fichier SQLite."
            ) from None

    def _tables(self) -> list[Table]:
        return [*super()._tables(), VECTORS]

    def _wrote(self, connection: Connection, id: int, content: str) -> None:
        self._write(connection, {id: content})

    def _write(self, connection: Connection, contents: dict[int, str]) -> None:
        connection.execute(VECTORS.delete().where(VECTORS.c.message.in_(contents)))
        vectors = self.embed(list(contents.values()))
        rows = [
            {"message": id, "model": self.embed.name, "vector": vector}
            for id, vector in zip(contents, vectors, strict=True)
        ]
        connection.execute(VECTORS.insert(), rows)

    def related(self, session: str, text: str, k: int) -> list[Message]:
        """Les `k` messages de cette séance les plus proches de `text`, du plus proche au plus lointain."""
        check_session(session)
        query = self.embed([text])[0]
        if k < 1:
            return []
        with self._begin() as connection:
            self._complete(connection, session)
            if self.compares and query.any():  # un vecteur nul n'a pas de distance
                chosen = self._of(session).order_by(self._distance(query), MESSAGES.c.id).limit(k)
                rows = connection.execute(chosen).all()
            else:
                kept = connection.execute(self._of(session).order_by(MESSAGES.c.id)).all()
                vectors = np.stack([row.vector for row in kept]) if kept else np.zeros((0, len(query)))
                rows = [kept[rank] for rank in cosine_top_k(query, vectors, k)]
        return [Message(row.role, read_content(row.content), row.created_at, row.id) for row in rows]

    def _of(self, session: str) -> Select:
        """Les messages d'une séance, chacun avec son vecteur."""
        return (
            select(MESSAGES, VECTORS.c.vector)
            .join(VECTORS, VECTORS.c.message == MESSAGES.c.id)
            .where(MESSAGES.c.session == session, VECTORS.c.model == self.embed.name)
        )

    def _distance(self, query: Vectors) -> ColumnElement[float]:
        written = bindparam("query", query, Vector())
        if self.kind == "sqlite":
            return func.vec_distance_cosine(VECTORS.c.vector, written)
        return VECTORS.c.vector.op("<=>")(cast(written, Vector()))

    def _complete(self, connection: Connection, session: str) -> None:
        """Donne leur vecteur aux messages de la séance qui n'en ont pas de ce modèle."""
        own = (VECTORS.c.message == MESSAGES.c.id) & (VECTORS.c.model == self.embed.name)
        chosen = (
            select(MESSAGES.c.id, MESSAGES.c.content)
            .outerjoin(VECTORS, own)
            .where(MESSAGES.c.session == session, VECTORS.c.message.is_(None))
        )
        if lacking := {row.id: read_content(row.content) for row in connection.execute(chosen)}:
            self._write(connection, lacking)

    def _count(self, connection: Connection, name: str) -> dict[str, int]:
        kept = (
            select(func.count())
            .select_from(VECTORS)
            .where(VECTORS.c.message.in_(select(MESSAGES.c.id).where(covered(name))))
        )
        return {**super()._count(connection, name), "vectors": connection.execute(kept).scalar_one()}

    def export(self, name: str) -> dict[str, Any]:
        chosen = (
            select(VECTORS.c.message, VECTORS.c.vector)
            .join(MESSAGES, VECTORS.c.message == MESSAGES.c.id)
            .where(covered(check_session(name)))
        )
        with self._begin() as connection:
            vectors = {str(id): vector.tolist() for id, vector in connection.execute(chosen)}
        return {**super().export(name), "vectors": vectors}
