"""`python -m apiward` is the same as `apiward`."""

from apiward.cli.main import main

if __name__ == "__main__":
    main()
