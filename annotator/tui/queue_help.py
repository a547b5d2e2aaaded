"""What the queue's filter line and keys mean, for its help."""

from annotator.model.annotation import State

HELP = [
    "Words typed must all occur in title or text; the last may be just begun.",
    '"Words in quotes" must follow one another.',
    "lang:bg  source:example.org  group:summit  narrow by what the source said.",
    'A value with blanks stands in quotes: source:"Новини БГ".',
    "flag:yes  note:no  by your flags and notes;  long:>5000  long:300-800  by length.",
    "assigned:me  what you are to do;  assigned:open  what anybody may take;  assigned:no  nobody's;",
    "round:pilot-1  a round of the work. Without assigned:me the queue shows every article.",
    f"state: is one of {', '.join(State)}; F3 goes through them.",
    "F4 goes through the orders; F5: another seed for random, newer guesses.",
    "F6 keeps filter and order under a name, and goes to those kept.",
    "Marks: ✓ done, × skipped, … started, o open again. E12 means 12 entities;",
    "! flags, ; notes; after a dot stand the layers declared looked at.",
    "Others: anna✓ finished, anna… began, anna has it; in short ✓2 …1 =1; +1 is free.",
    "Enter opens the article; next and previous then keep to this filter.",
]
