"""How much memory a large file takes, in a process of its own."""
