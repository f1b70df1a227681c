"""Takes questions for practice and the texts they are asked of; gives the encoder's adapter.
Runs on a processor in about two hours; needs torch, which serving does without."""
