"""Console in the browser: what was learned, its effect, and controls to change it."""

__all__: list[str] = []
