// Every word of the interface, by piece, from locale/<language>/*.yaml: put in where this module is served.
export const words = catalogue("language", "pieces", "exercises", "cases");

/** Put values into a sentence from the catalogue: `fill("{shown} of {all}", { shown: 3, all: 46 })`. */
export const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
