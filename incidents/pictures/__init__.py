"""Pictures as numbers: where each shape stands, worked out before a template draws it."""
