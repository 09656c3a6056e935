"""The embedded servers: PostgreSQL and Valkey from their wheels, and the supervisor behind `make run`.

`python -m portal.embedded run` starts the whole portal, `python -m portal.embedded exec -- COMMAND` runs one
command against throwaway servers of the same kind. Nothing here imports Django: it only starts processes that do.
"""
