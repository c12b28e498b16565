"""Make the report page: what was learned, its effect, and what fails."""
