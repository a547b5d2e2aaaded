"""Names of UIMA types that both the CAS formats and their readers know."""

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
META_DATA = f"{DKPRO}metadata.type.DocumentMetaData"
NAMED_ENTITY = f"{DKPRO}ner.type.NamedEntity"
SENTENCE = f"{DKPRO}segmentation.type.Sentence"
TOKEN = f"{DKPRO}segmentation.type.Token"

CUSTOM = "webanno.custom."
"""What INCEpTION puts before the names of a project's own layers."""
STANCE = f"{CUSTOM}Stance"
"""Of our own exports; it has no place in the text."""
EVIDENCE = f"{CUSTOM}StanceEvidence"

UNSPECIFIED = "x-unspecified"
"""UIMA's language of a text whose language nobody said."""
