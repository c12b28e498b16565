"""Make labels from evidence in the log, and training sets from labels."""
