"""What every page is made of: base template, components, figures, errors."""
