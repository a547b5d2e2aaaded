"""One module for each kind of file of other tools: it gives records, whose claims `settling` proves."""
