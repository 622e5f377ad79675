"""What is told to whom: letters and messages, by language and channel, each once."""
