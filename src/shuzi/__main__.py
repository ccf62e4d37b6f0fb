"""`python -m shuzi` is the `shuzi` command; `torchrun -m shuzi train ...` needs it."""

from shuzi.cli import main

if __name__ == "__main__":
    main()
