"""Programs that people start: the command line (`cli`), the service (`http`) and its web pages (`console`)."""
