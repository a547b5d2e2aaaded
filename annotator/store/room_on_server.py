"""How a server makes room for names that are too long for its usual indexes (`long_names`)."""


def _is_hash(index: str) -> str:
    """Whether an index, by an expression that gives its name, has been replaced."""
    return f"""EXISTS (SELECT FROM pg_indexes i WHERE i.schemaname = current_schema()
               AND i.indexname = {index} AND i.indexdef ~ ' USING hash ')"""


def _digest(column: str) -> str:
    """128 bits that stand for a text in an index that keeps it from coming twice."""
    return f"hashtextextended({column}, 0), hashtextextended({column}, 1)"


def _hashed(table: str, columns: tuple[str, ...]) -> str:
    """What makes a primary key one over hashes; it keeps its name, by which conflicts with it are met."""
    adds = [
        f"ADD {column}_{n} BIGINT GENERATED ALWAYS AS (hashtextextended({column}, {n})) STORED"
        for column in columns
        for n in (0, 1)
    ]
    return f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, {', '.join(adds)}"


_HEAD = _hashed("head", ("article", "key"))
_VALUE = _hashed("tally", ("value",))
_ID_DIGEST, _ARTICLE_DIGEST, _KEY_DIGEST = map(_digest, ("id", "article", "key"))
_ID_IS, _COLUMN_IS, _TALLY_IS = map(
    _is_hash, ("'event_thing'", "'article_' || what", "'tally_value'")
)
_ID = f"""
    ALTER TABLE article DROP CONSTRAINT article_id_key;
    CREATE UNIQUE INDEX article_id_key ON article ({_ID_DIGEST});
    CREATE INDEX article_id ON article USING hash (id);
    DROP INDEX event_thing;
    CREATE INDEX event_thing ON event USING hash (article);
    DROP INDEX head_withdrawal;
    CREATE INDEX head_withdrawal ON head USING hash (article) WHERE kind = 'withdrawal';
    {_HEAD};
    ALTER TABLE head ADD CONSTRAINT head_pkey UNIQUE (article_0, article_1, actor, key_0, key_1);
    CREATE INDEX head_article ON head USING hash (article);
    ALTER TABLE conflict DROP CONSTRAINT conflict_pkey;
    CREATE UNIQUE INDEX conflict_pkey
        ON conflict ({_ARTICLE_DIGEST}, actor, {_KEY_DIGEST}, event, other);
    CREATE INDEX conflict_article ON conflict USING hash (article);
"""
_TALLY = f"""
    {_VALUE};
    ALTER TABLE tally ADD CONSTRAINT tally_pkey UNIQUE (what, value_0, value_1);
    CREATE INDEX tally_value ON tally USING hash (value);
"""
FUNCTION = f"""CREATE FUNCTION make_room(what text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = {{schema}}, pg_temp AS $$
    BEGIN
        IF what = 'id' THEN
            IF NOT {_ID_IS} THEN {_ID} END IF;
        ELSIF what IN ('source', 'date', 'lang', 'grp') THEN
            IF NOT {_COLUMN_IS} THEN
                EXECUTE format('DROP INDEX article_%1$s', what);
                EXECUTE format('CREATE INDEX article_%1$s ON article USING hash (%1$s)', what);
            END IF;
            IF what IN ('source', 'lang') AND NOT {_TALLY_IS} THEN {_TALLY} END IF;
        END IF;
    END $$"""
"""Made for a project's schema. Whoever may write may ask for it, and its owner alone may change tables."""
AFTER = (
    # its other columns, which a file reads from the index, would be too long as well
    "DROP INDEX article_date",
    "CREATE INDEX article_date ON article (date, n)",
)
"""What is otherwise on a server from the start."""
