"""Names that are used where vulture cannot see: templates, frameworks, callers outside the package."""
