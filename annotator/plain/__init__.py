"""The plain mode: the desk line by line, for screen readers, braille displays and dumb terminals."""
