"""Errors that a user can cause.

Each message is one line: what is wrong, and what to do. The command line prints it and exits with 2; the
server answers with the `status` of its class. Anything else that is raised is a defect of the program.

UserError
├── InputError        a folder, file, question, option or setting that cannot be used
├── IndexMissing      there is no index where one was asked for
├── IndexMismatch     the index was built by another embedder, splitter or schema
├── IndexDamaged      no generation of the index can be read
├── IndexBusy         another process is writing to the index
└── ModelError        a model cannot be found, or its weights are not the ones expected
"""


class UserError(Exception):
    """Something the user can put right; the message says how."""

    status = 400


class InputError(UserError):
    """A folder, file, question, option or setting that cannot be used."""


class IndexMissing(UserError):
    """There is no index where one was asked for."""

    status = 503


class IndexMismatch(UserError):
    """The index was built by another embedder, splitter or schema than the present ones."""

    status = 503


class IndexDamaged(UserError):
    """No generation of the index can be read."""

    status = 503


class IndexBusy(UserError):
    """Another process is writing to the index."""

    status = 503


class ModelError(UserError):
    """A model cannot be found, or its weights are not the ones expected."""

    status = 503
