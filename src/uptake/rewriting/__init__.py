"""Steps that decide whether a request is acted on in another wording or reading, with the guard and the pipeline.

`Pipeline` is the public face. Nothing here imports what learns.
"""
