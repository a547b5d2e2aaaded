"""A server knows how many rows there are once they came: its planner goes by that."""

import pytest

from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store import accounts
from annotator.store.project import Project

LANGUAGES = "SELECT array_to_string(most_common_vals::text::text[], ',') FROM pg_stats WHERE tablename = 'article' AND attname = 'lang'"
WORDS = "SELECT reltuples FROM pg_class WHERE relname = 'article_fts'"


@pytest.mark.parametrize("has_roles", [False, True])
def test_rows_are_counted_after_an_import_and_after_indexing(pg_server, pg_url, has_roles):
    with Project.create(pg_url(), preset("minimal"), "iva") as project:
        if has_roles:
            accounts.set_up(project.path, "iva")
        offered = (Article(f"a{n}", f"Text {n}.", lang="bg" if n % 2 else "mk") for n in range(40))
        assert sum(1 for _ in project.add(offered)) == 40
        while project.index_words():
            pass
        name = project.path.name
    ((languages,),) = pg_server.execute(LANGUAGES, database=name)
    ((words,),) = pg_server.execute(WORDS, database=name)
    assert sorted(languages.split(",")) == ["bg", "mk"]
    assert words == 40
