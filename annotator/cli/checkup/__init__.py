"""What `annotator doctor` looks at, a module for each part."""
