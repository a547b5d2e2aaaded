"""Writes `annotator/suggest/entities/places.tsv` from the CLDR: `python -m benchmarks.build_places`.

Needs `babel` (with CLDR data under the Unicode licence), which nothing else here does. Names of
territories and of the world's parts, one language a line: its code, then the names between tabs.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parents[1] / "annotator" / "suggest" / "entities" / "places.tsv"
LANGUAGES = [
    "ar", "bg", "cs", "de", "el", "en", "es", "fr", "it", "kk",
    "mk", "pl", "pt", "ro", "ru", "sk", "sr", "tr", "uk", "zh",
]  # fmt: skip
LEFT_OUT = {"001", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""The world, organisations, and codes for what is no place."""


def main() -> int:
    """Write the file."""
    import babel
    from babel import Locale

    lines = [
        f"# CLDR territory names (Unicode-3.0, see places.LICENSE), by babel {babel.__version__}"
    ]
    for lang in LANGUAGES:
        territories = Locale.parse(lang).territories
        names = {
            name.split(" (")[0].strip()
            for code, name in territories.items()
            if code not in LEFT_OUT
        }
        lines.append("\t".join([lang, *sorted(name for name in names if len(name) > 1)]))
    HERE.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{HERE.name}: {len(lines) - 1} languages, {HERE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
