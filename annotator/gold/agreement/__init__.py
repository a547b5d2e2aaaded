"""How far annotators agree: coefficients, spans, unitizing, intervals."""
