const nameMax = 120

/** What a file that came in is called: the last part of a path without what no page should show, at most 120 characters of its end; never empty, also where a form names none. */
export function fileNameOf(text: string | undefined): string {
  const last = text?.split(/[\\/]/).at(-1) ?? ""
  const plain = last.replace(/\p{Cc}|\p{Cf}/gu, "").trim()
  // By code points, so that no half of one is left.
  return plain === "" ? "file" : [...plain].slice(-nameMax).join("")
}
