"""Takes a request of a browser; gives HTML, CSV, PDF or GeoJSON.
What a page shows is worked out in the folders below; here it is put into words and templates."""
