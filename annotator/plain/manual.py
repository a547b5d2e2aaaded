"""What `help` says in the plain mode."""

HELP = (
    "Each line is a command. After it: what was done, whether it is saved, where you are.",
    "The current unit stands in [brackets]. An empty line says again where you are.",
    "A letter alone, or label NAME: give the label. labels tells the letters.",
    "layer 2: go to a layer. next block, right 3, next sentence: move.",
    "words: number the words of the block. 12: go to word 12. 12-14: select words.",
    "12-14 p: select and label. 12 p: label one word.",
    "blocks: number the blocks. block 5: go there. block 5-9 n: select and label blocks.",
    "find WORDS: the next place of these words, selected; find alone goes on.",
    "say: read the block; say sentence; say article reads on from here.",
    "list: the annotations of the layer. go 3: to the third of them. remove: take it away.",
    "select: arrows by name extend (right, left, next block); enter applies, clear cancels.",
    "Suggested is what is no label yet: next candidate goes to one, enter labels it, remove rejects it.",
    "Stance: list tells the rows. row 2, then a value by letter or stance FAVOR.",
    "sentence 2 or 3-9 or find WORDS, then evidence: attach it; detach 1 takes it away.",
    "target WORDS adds a row; holder, add holder, basis, sure: alone they tell the choices.",
    "identity PER-Ada-Lind ada: id and lemma of an entity; identity - takes them away.",
    "nothing: this layer holds nothing (more). note WORDS, flag. undo, redo.",
    "done: finish the article, the next one opens. skip REASON: leave it out.",
    "next, previous: articles. queue tells their ids, article ID opens one. saved: try again to save. quit: leave.",
)
