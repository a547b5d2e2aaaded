"""The plain mode over a real project: what its words do, and what it says."""

import io
from concurrent.futures import Future

import pytest

from annotator.desk.actions import ACTIONS
from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError


def test_opening_says_article_layer_and_place(sit):
    assert sit().said == [
        "Article 1 of 4: Кей. key-bg, zaliv.example, bg.",
        "Layer 1: Boilerplate.",
        "Block 1 of 5: [Рибарите на Синево искат нов кей]",
        "No label here in Boilerplate.",
    ]


def test_a_letter_labels_and_every_decision_is_saved_before_it_is_said(sit):
    here = sit()
    said = here("h")
    assert said[:2] == ["Labelled: headline “Рибарите на Синево искат нов кей”.", "Saved."]
    assert here.labels() == [("headline", "Рибарите на Синево искат нов кей")]
    assert said[2].startswith("Block 2 of 5: [Кметицата Рада")


def test_blocks_by_number_and_in_ranges(sit):
    here = sit()
    assert here("block 4")[0] == "Block 4 of 5: [Начало Контакти Общи условия]"
    here("block 4-5 n")
    assert here.labels() == [("nav", "Начало   Контакти   Общи условия\nВсички права запазени")]
    assert here("block 5")[-1] == "Here: nav “Начало Контакти Общи условия Всички права запазени”."
    assert here("blocks")[3] == "4  nav: Начало Контакти Общи условия"
    assert here("block 9") == ["There is no block 9 here: they go from 1 to 5."]


def test_words_are_numbered_selected_and_labelled_in_one_line(sit):
    here = sit()
    here("layer 2", "block 2")
    assert here("words")[0].startswith("1 Кметицата  2 Рада  3 Вълчева  4 обеща")
    assert here("2-3 p")[:2] == ["Labelled: PER “Рада Вълчева”.", "Saved."]
    assert here("5")[0].startswith("Block 2 of 5, word 5 of 12: Кметицата Рада Вълчева обеща [кея]")
    here("block 3", "3-4")
    assert here("label Person")[0] == "Labelled: PER “Жеков не”."
    assert here("undo")[:3] == ["Removed: PER “Жеков не”.", "Undone: label.", "Saved."]
    here("2 per")
    assert here.labels() == [("PER", "Рада Вълчева"), ("PER", "Тодор")]
    assert here("list") == ["1  PER “Рада Вълчева”, block 2", "2  PER “Тодор”, block 3"]
    assert here("go 1")[1] == "Here: PER “Рада Вълчева”."
    assert here("remove")[0] == "Removed: PER “Рада Вълчева”."
    assert here("13-99") == ["There is no word 13 here: they go from 1 to 12."]


def test_find_selects_and_a_letter_labels_exactly_that(sit):
    here = sit()
    here("layer entities", "find тодор жеков", "p")
    assert here.labels() == [("PER", "Тодор Жеков")]
    assert here("find Кентавър") == ["“Кентавър” is not in this article."]
    assert here("find ке", "find", "find")[0] != here("find")[0]


def test_select_mode_by_names_of_actions(sit):
    here = sit()
    here("layer 2", "next block", "right", "select", "right 1")
    assert "select mode" in here("where")[0]
    here("p")
    assert here.labels() == [("PER", "Рада Вълчева")]
    here("select", "left", "enter")
    assert here.labels() == [("PER", "Рада")]
    assert here("left 99")[0] == "This is the first word."
    assert here("right x") == ["After right only a number can stand, not “x”."]


def test_stance_from_target_to_evidence(sit):
    here = sit()
    here("layer 2", "block 2", "2-3 p", "block 3", "2-3 p", "layer 3")
    assert here("list") == [
        "Row 1 of 2: Рада Вълчева, the author: no value.",
        "Row 2 of 2: Тодор Жеков, the author: no value.",
    ]
    here("row 2", "stance favor", "row Рада Вълчева", "a", "find Парите са")
    said = here("sentence 2", "evidence")
    assert said[0] == "Changed: Рада Вълчева, the author: AGAINST, evidence: 1."
    assert said[1] == "Saved."
    assert "[„Парите са осигурени“, каза тя.]" in said[2]
    assert said[3].endswith("AGAINST, explicit, fair, 1 piece of evidence.")
    here("sure 3", "basis implied")
    assert here("sure")[-1] == "Choose with: sure NUMBER."
    here("add holder Жеков", "f")
    here("target кеят", "o")
    found = {(s.target.name, s.holder.name): s for s in here.work().stances}
    assert found["Рада Вълчева", ""].confidence == 3
    assert found["Рада Вълчева", ""].basis == "implied"
    assert found["Рада Вълчева", "Тодор Жеков"].label == "FAVOR"
    assert found["кеят", ""].label == "NONE"
    here("row 1", "detach 1")
    assert all(not stance.evidence for stance in here.work().stances)


def test_stance_words_in_another_layer_say_where_to_go(sit):
    assert sit()("evidence") == ["That belongs to the stance layer: say layer 3 first."]


def test_nothing_done_skip_and_the_way_through_the_articles(sit):
    here = sit()
    assert here("nothing")[:2] == [
        "Looked at: boilerplate.",
        "Boilerplate: looked at, nothing more here.",
    ]
    said = here("done")
    assert said[:3] == ["The article is done.", "Saved.", said[2]]
    assert said[-4].startswith("Article 2 of 4: Νέα προβλήτα")
    assert here.work().status.state is State.DONE
    here("skip чужд език")
    assert here.work("key-el").status.reason == "чужд език"
    assert here("previous article")[1] == "It is skipped."
    assert here("article key-bg")[1] == "It is done."
    assert here("previous") == ["There is no other article that way."]
    assert here("article няма")[0].startswith("There is no article")
    here("article hostile", "done", "article key-ja")
    assert "No other article is left to do; quit leaves." in here("done")


def test_identities_and_the_queue(sit):
    here = sit()
    assert here("layer 2", "identity")[0].startswith("Nothing here to identify")
    here("find Тодор Жеков", "p", "identity PER-Todor-Zhekov Тодор Жеков")
    assert here.work().spans[0].attrs == {"xid": "PER-Todor-Zhekov", "lemma": "Тодор Жеков"}
    assert here("identity") == ["Тодор Жеков: PER-Todor-Zhekov, Тодор Жеков, 1 mention."]
    here("identity -")
    assert here.work().spans[0].attrs == {}
    assert here("queue")[:2] == ["key-bg: Кей", "key-el: Νέα προβλήτα στη Χώρα"]


def test_notes_flags_and_repeated_names(sit):
    here = sit()
    assert here("note виж снимката")[0] == "Note kept: виж снимката."
    here("flag")
    assert {note.flag for note in here.work().notes} == {True, False}
    assert here("note")[0] == "Note removed: виж снимката."
    assert here("redo")[0] == "Nothing to redo."


@pytest.mark.parametrize("article", ["key-el", "key-ja"])
def test_other_scripts(sit, article):
    here = sit(article)
    name = {"key-el": "Ελένη Βάρδα", "key-ja": "佐藤恵子"}[article]
    here("layer 2", f"find {name}", "p")
    assert here.labels(article) == [("PER", name)]


def test_native_letters_and_layouts(sit):
    assert sit()("л")[0].startswith("л is on no known key")
    here = sit(layout="ru")
    here("layer 2", "з")  # the key of p
    assert here.labels() == [("PER", "Рибарите")]


def test_nothing_foreign_acts_on_the_terminal(sit):
    here = sit("hostile")
    said = here("say") + here("words") + here("say article") + here("find цвят", "note \x1b[2J")
    assert said
    assert all(line.isprintable() for line in said)


def test_what_is_not_understood_is_said_and_remembered(sit):
    here = sit()
    for line in ("танцувай", "label танц", "layer 7", "12", "row 3", "hop 3", "stance", "€"):
        here.session.refused = False
        assert len(here(line)) == 1, line
        assert here.session.refused
    assert here.labels() == []


def test_every_action_has_an_answer(sit):
    for action in ACTIONS:
        if action.name == "quit":
            continue
        here = sit()
        said = here(action.name.replace("_", " "))
        assert said, action.name
        here("clear")
        here.project.close()


def test_long_articles_are_read_in_short(tmp_path, sit):
    here = sit()
    here("extend to end")
    assert here.said[0].startswith("Block 1 of 5: [Рибарите")
    assert here.said[0].endswith("запазени]")


def test_read_ends_in_order_and_leaves_nothing_unsaved(sit):
    here = sit()
    here.session.read(io.StringIO("h\n\nl\nquit\nf\n"))
    assert [label for label, _ in here.labels()] == ["headline", "lead"]
    assert here.session.leave()
    assert here.project.work("key-bg").spent.keys == {"boilerplate": 2 + 1 + 2 + 5}


def test_an_act_that_cannot_be_saved_is_said_and_tried_again(sit, monkeypatch):
    here = sit()
    failed: Future[object] = Future()
    failed.set_exception(AnnotatorError("The disk is full."))
    monkeypatch.setattr(here.session.way, "submit", lambda act: failed)
    said = here("h")
    assert said[1] == "NOT SAVED: The disk is full. The command saved tries again."
    assert not here.session.leave()
    retried: Future[int] = Future()
    retried.set_result(1)
    monkeypatch.setattr(here.session.way, "retry", lambda: retried)
    assert here("saved")[0] == "Everything is saved."


def test_help_names_every_command_of_its_own(sit):
    from annotator.plain.commands import COMMANDS

    said = " ".join(sit()("help"))
    aliases = {"read", "panel", "search", "apply", "exit", "where", "guideline", "next_article",
               "previous_article", "next article", "previous article", "help"}  # fmt: skip
    assert [name for name in COMMANDS if name not in said and name not in aliases] == []
