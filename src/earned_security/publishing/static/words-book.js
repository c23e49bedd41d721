// The words of the book's own scripts, from locale/<language>/book.yaml: put in where this module is served.
export const words = catalogue("language", "book");
