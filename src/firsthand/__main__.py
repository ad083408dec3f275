"""The program `firsthand`."""


def main() -> None:
    """Run the command line."""
    from firsthand.desk.cli.app import app  # noqa: PLC0415: the command line is imported when it runs

    app()


if __name__ == "__main__":
    main()
