/** A text that a spreadsheet would take for a formula gets an apostrophe, so that opening a file runs nothing. */
export const harmless = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text
