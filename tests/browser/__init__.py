"""The desk in a real browser: what it shows, what it asks for, and that it breaks none of its own rules."""
