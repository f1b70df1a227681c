"""Takes labelled questions for practice; gives the fitted numbers of `chatbot/weights.json`.
Cross-validated, and written with the digest of the model that they belong to."""
