"""Say how much, how bright or how warm in the words of the templates."""
