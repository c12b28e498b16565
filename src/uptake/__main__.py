"""`python -m uptake` is the `uptake` command."""

from uptake.apps.cli import main

if __name__ == "__main__":
    main()
