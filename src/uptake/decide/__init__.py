"""What to do with a request, one decision a file: `rewrite`, `sound`; `guard` and `pipeline` around them.

`Pipeline` is the public face. Nothing here imports what learns.
"""
