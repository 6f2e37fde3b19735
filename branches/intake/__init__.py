"""The ledger read back in: ``columns`` cleans cells, ``planned`` makes an activity of a row, ``plan`` says what a file
would do, ``writing`` does it. Nothing but ``writing`` changes a row of the database.
"""
