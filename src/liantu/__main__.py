"""`python -m liantu` is `liantu`."""

from liantu.cli import main

if __name__ == "__main__":
    main()
