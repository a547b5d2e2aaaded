"""One module for each format that is written, with what only it needs beside it."""
