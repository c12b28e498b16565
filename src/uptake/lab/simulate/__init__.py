"""People who talk to an assistant, made up. Everything that comes from here is synthetic and says so."""
