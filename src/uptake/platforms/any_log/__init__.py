"""Read logs of other assistants: guess their columns, explain them, convert them to turns."""

__all__: list[str] = []
