"""What leaves for other systems: marks, the bank, a module, a deck of cards. One module for each format, all of them files."""
