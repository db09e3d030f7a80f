"""`archiver NAME …`."""

from __future__ import annotations

import os
import sys
import traceback

import typer

from archiver.cli.commands import app
from archiver.cli.show import complain
from archiver.errors import ArchiverError


def main() -> None:
    """Runs the command line. Whatever is wrong is told in one line on standard error."""
    try:
        code = app(prog_name="archiver", standalone_mode=False)
        sys.stdout.flush()
    except ArchiverError as error:
        code = complain(error, error.exit_code)
    except typer.TyperException as error:
        code = complain(error.format_message(), 2)
    except BrokenPipeError:
        # The reader went away; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except Exception as bug:  # noqa: BLE001  # the last place where it can be told
        traceback.print_exc()
        code = complain(
            f"this is a bug of archiver ({type(bug).__name__}: {bug}). Please report it with the lines above", 1
        )
    sys.exit(code or 0)
