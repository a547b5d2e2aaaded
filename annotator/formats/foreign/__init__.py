"""Files of other annotation tools: each reader gives records, whose claims `settling` proves."""
