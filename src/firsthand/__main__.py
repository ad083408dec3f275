"""The program `firsthand`."""


def main() -> None:
    """Run the command line."""
    from firsthand.desk.cli.run import run  # noqa: PLC0415 (`import firsthand` alone needs no command line)

    run()


if __name__ == "__main__":
    main()
