"""Pages that join several applications."""
