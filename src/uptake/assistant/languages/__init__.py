"""Languages other than English: words of an assistant, spoken answers."""
