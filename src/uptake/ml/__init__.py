"""Methods of machine learning that several capabilities share."""
