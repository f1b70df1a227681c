"""Takes a request of a browser; gives HTML, CSV, PDF or GeoJSON."""
