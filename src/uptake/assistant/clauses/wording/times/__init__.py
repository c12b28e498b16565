"""Say when: times in front, in short or put off, in the words of the templates."""
